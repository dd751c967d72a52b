import { announceWake } from '#domain/session/announce-wake';
import { noAgent, type Outcome, queueTimeout } from '#domain/session/outcome';
import { checkWait, toldAgain, type Wait } from '#domain/session/wait';
import { sessionWrites } from './change-writes.ts';
import { endSession, type OpenSession, readOpenSession } from './end-session.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { makeRecoverSession, type Recovered } from './recover-session.ts';
import { SESSIONS_GATE } from './session-slot.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 200;

/** What one pass did: sessions by what became of them, `waiting` those that it will look at again. */
export type WaitSweep = Readonly<Record<Recovered | 'timeout' | 'waiting', number>>;

/**
 * Looks at drivers whose time to be looked at has come: starts the next run of a lost one, ends a session that has waited
 * for a slot or for an agent as long as it may, and looks again later at the others.
 */
export const makeSweepWaits = ({ due, storeOf, clock, ids }: SweepPorts) => {
  const end = async (store: TenantStore, open: OpenSession, outcome: Outcome): Promise<'timeout'> => {
    await endSession({ store, ids }, open, { outcome, now: clock.now(), wakesDriver: true, mustEnd: true });
    return 'timeout';
  };

  /** The event that should have woken the driver was lost; another one says it again. */
  const wakeAgain = async (store: TenantStore, { session }: OpenSession, seen: Wait): Promise<'waiting'> => {
    const now = clock.now();
    const changed = seen.state === 'claim-slot' ? 'queue' : 'activity';
    await store.commit([
      ...sessionWrites(announceWake(session, changed, new Date(now).toISOString()), ids),
      { kind: 'wait', wait: toldAgain(seen, now), seen },
    ]);
    return 'waiting';
  };

  const look = async (tenantId: string, sessionId: string): Promise<keyof WaitSweep> => {
    const store = storeOf(tenantId);
    const wait = await store.findWait(sessionId);
    if (wait === undefined) return 'settled';
    const open = await readOpenSession(store, sessionId);
    const slotSince = (await store.findHolder(SESSIONS_GATE, sessionId))?.since;
    const check = checkWait({ ...open, wait, slotSince }, clock.now());
    switch (check.found) {
      case 'settled':
        await store.removeWait(wait);
        return 'settled';
      case 'queue_ttl':
        return end(store, open, queueTimeout);
      case 'no_agent':
        return end(store, open, noAgent(open.assignment));
      case 'lost':
        return makeRecoverSession({ store, clock, ids })({ sessionId, run: wait.run, lostAt: wait });
      case 'unwoken':
        return wakeAgain(store, open, wait);
      case 'waiting':
        await store.replaceWait(wait, { ...wait, dueAt: check.dueAt });
        return 'waiting';
    }
  };

  return async (): Promise<WaitSweep> => {
    const counts = { recovered: 0, orphaned: 0, settled: 0, timeout: 0, waiting: 0 };
    const found = await due.dueWaits(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, sessionId }) => {
      counts[await look(tenantId, sessionId)]++;
    });
    return counts;
  };
};

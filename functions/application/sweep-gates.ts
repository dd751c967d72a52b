import type { Gate, Holder, Waiter } from '#domain/gate/gate';
import { type GateRecount, nextRecount, recountGate } from '#domain/gate/recount';
import { announceWake } from '#domain/session/announce-wake';
import type { Session } from '#domain/session/session';
import { mayHoldSlot } from '#domain/session/status';
import { mayBeLetIn } from '#domain/session/wait';
import { sessionWrites } from './change-writes.ts';
import type { RecountPorts } from './counter-drift.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { rouseHolders } from './rouse-holders.ts';
import { sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 200;
const MAX_WAITERS = 10_000;

/** As many as one transaction can free or let in; the rest is left to the next pass. */
const MAX_AT_ONCE = 15;

export interface GateSweep {
  readonly right: number;
  readonly mended: number;
}

/**
 * Recounts the gates of sessions. A holder whose session does not hold its slot is freed, and whoever that lets in is woken, in one
 * transaction that fails when anybody enters or leaves meanwhile. Who was let in before and never woken is looked at. A gate is always due again, so that using it arms nothing.
 */
export const makeSweepGates = ({ due, storeOf, clock, ids, report }: RecountPorts) => {
  const sessionsOf = async (store: TenantStore, all: readonly { readonly owner: string }[]) =>
    new Map((await store.findSessions(all.map(({ owner }) => owner))).map((session) => [session.id, session]));

  const recount = async (store: TenantStore, gate: Gate, at: string) => {
    const [holders, waiters] = await Promise.all([
      store.listHolders(gate.name),
      store.listWaiters(gate.name, MAX_WAITERS),
    ]);
    const inside = await sessionsOf(store, holders);
    const isStale = ({ owner }: Holder) => !mayHoldSlot(inside.get(owner)?.status);
    const stale = holders.filter(isStale).slice(0, MAX_AT_ONCE);
    const hasRoom = holders.length - stale.length < gate.limit;
    const next = hasRoom ? waiters.slice(0, MAX_AT_ONCE) : [];
    const waiting = await sessionsOf(store, next);
    const first = next.filter(({ owner }: Waiter) => {
      const session = waiting.get(owner);
      return session !== undefined && mayBeLetIn(session, Date.parse(at));
    });
    return {
      inside,
      holders,
      recounted: recountGate(gate, { holders, stale, waiting: waiters.length, first }, at),
      waiting,
    };
  };

  const mend = ({ freed, admitted }: GateRecount, gate: string, waiting: ReadonlyMap<string, Session>, at: string) => [
    ...freed.map((holder): Write => ({ kind: 'holder-removed', gate, holder })),
    ...admitted.flatMap(({ waiter, holder }): Write[] => [
      { kind: 'waiter-removed', gate, waiter },
      { kind: 'holder-added', gate, holder },
      ...sessionWrites(announceWake(waiting.get(waiter.owner) as Session, 'queue', at), ids),
    ]),
  ];

  const look = async (tenantId: string, name: string): Promise<keyof GateSweep> => {
    const store = storeOf(tenantId);
    const gate = await store.findGate(name);
    if (gate === undefined) return 'right';
    const now = clock.now();
    const at = new Date(now).toISOString();
    const { recounted, waiting, holders, inside } = await recount(store, gate, at);
    const { after } = recounted ?? { after: gate };
    await store.commit([
      { kind: 'gate', before: gate, after: { ...after, dueAt: nextRecount(after, now) } },
      ...(recounted ? mend(recounted, name, waiting, at) : []),
    ]);
    await rouseHolders(store, holders, { sessions: inside, now });
    if (recounted === undefined) return 'right';
    const { drift, freed, admitted } = recounted;
    if (drift !== 0)
      report({ tenantId, kind: name, drift, freed: freed.map(({ owner }) => owner), admitted: admitted.length });
    return 'mended';
  };

  return async (): Promise<GateSweep> => {
    const counts = { right: 0, mended: 0 };
    const found = await due.dueGates(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, gate }) => {
      counts[await look(tenantId, gate)]++;
    });
    return counts;
  };
};

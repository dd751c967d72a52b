import { beginAttempt } from '#domain/session/begin-attempt';
import { freshLive } from '#domain/session/live';
import { isUnderWay } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { sessionWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { SESSIONS_GATE } from './session-slot.ts';

/** What the machine does next: work on the attempt, wait for the slot again, or leave the session to whoever moved it. */
export type AttemptBegun = 'begun' | 'no_slot' | 'superseded';

/** Begin Attempt: a queued session that holds a slot is running from here on. An attempt that was begun before goes on. */
export const makeBeginAttempt = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ sessionId, run }: StepInput): Promise<AttemptBegun> => {
    const session = await store.getSession(sessionId);
    if (session.run !== run) return 'superseded';
    if (isUnderWay(session.status)) return 'begun';
    if (session.status !== 'queued') return 'superseded';
    if (!(await store.findHolder(SESSIONS_GATE, sessionId))) return 'no_slot';
    const { change, attempt } = beginAttempt(session, isoNow(clock));
    const before = (await store.findLive(sessionId)) ?? null;
    await store.commit([
      ...sessionWrites(change, ids),
      { kind: 'attempt', sessionId, attempt },
      { kind: 'session-live', before, after: freshLive(sessionId, session.attempt) },
    ]);
    return 'begun';
  };
  return (input: StepInput): Promise<AttemptBegun> => retryConflict(clock, () => decide(input));
};

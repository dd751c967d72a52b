import { workFrom } from '#domain/checkpoint/work-from';
import { countedBefore } from '#domain/session/attempt-figures';
import { attemptOf, beginAttempt } from '#domain/session/begin-attempt';
import { freshLive, laterLive, nextAttempt } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import { isTerminal, isUnderWay } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { sessionWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { SESSIONS_GATE } from './session-slot.ts';

/** What the machine does next: work on the attempt, wait for the slot again, show how the session ended, or leave it to a later run. */
export type AttemptBegun = 'begun' | 'no_slot' | 'ended' | 'superseded';

/**
 * Begin Attempt: a queued session that holds a slot is running from here on; a running one whose last attempt failed
 * begins the next. An attempt that was begun before goes on.
 */
export const makeBeginAttempt = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const beginNext = async (session: Session): Promise<void> => {
    const live = await store.findLive(session.id);
    if (live === undefined || live.attempt === session.attempt) return;
    const fromCheckpoint = workFrom(session)?.sequence;
    const attempt = attemptOf(session, { at: isoNow(clock), automatic: true, fromCheckpoint });
    const after = nextAttempt(live, session.attempt);
    await store.commit([
      { kind: 'attempt', sessionId: session.id, attempt: { ...attempt, ...countedBefore(after) } },
      { kind: 'session-live', before: live, after },
    ]);
  };

  const beginFirst = async (session: Session): Promise<void> => {
    const { change, attempt } = beginAttempt(session, isoNow(clock));
    const before = (await store.findLive(session.id)) ?? null;
    const after = before ? laterLive(before, session.attempt) : freshLive(session.id, session.attempt);
    await store.commit([
      ...sessionWrites(change, ids),
      { kind: 'attempt', sessionId: session.id, attempt: { ...attempt, ...countedBefore(after) } },
      { kind: 'session-live', before, after },
    ]);
  };

  const decide = async ({ sessionId, run }: StepInput): Promise<AttemptBegun> => {
    const session = await store.getSession(sessionId);
    if (session.run !== run) return 'superseded';
    if (isTerminal(session.status)) return 'ended';
    if (isUnderWay(session.status)) await beginNext(session);
    else if (session.status !== 'queued') return 'superseded';
    else if (await store.findHolder(SESSIONS_GATE, sessionId)) await beginFirst(session);
    else return 'no_slot';
    return 'begun';
  };
  return (input: StepInput): Promise<AttemptBegun> => retryConflict(clock, () => decide(input));
};

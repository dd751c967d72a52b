import type { Assignment } from '#domain/assignment/assignment';
import { activeSecondsAt, type SessionLive, stopClock } from '#domain/session/live';
import { brokenExecution, judge, type Outcome } from '#domain/session/outcome';
import { recordOutcome } from '#domain/session/record-outcome';
import type { Session } from '#domain/session/session';
import { isTerminal, type SessionStatus } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { gateWrites, sessionWrites } from './change-writes.ts';
import { endAssignment } from './end-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { leavePlace, letIn } from './session-slot.ts';

export interface RecordOutcomeInput extends StepInput {
  /** Why the execution could not go on, when that is the reason for the end. */
  readonly failure?: string | undefined;
}

export interface Recorded {
  readonly status: SessionStatus;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

const summaryOf = ({ status, error }: Session): Recorded => ({ status, code: error?.code, message: error?.message });

/**
 * Record Outcome: one transaction ends the attempt: status, slot and its next holder, assignment, attempt, events.
 * A session that somebody else has ended, or that a later run drives, stays as it is.
 */
export const makeRecordOutcome = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const outcomeOf = async (
    { id, attempt }: Session,
    assignment: Assignment | undefined,
    failure: string | undefined,
  ) => {
    const [input, result] = await Promise.all([store.findInput(id), store.findResult(id, attempt)]);
    const judged = assignment && judge(input?.workspace, assignment, result);
    const outcome: Outcome = judged ?? brokenExecution(failure ?? 'it ended while the work was still open');
    return { outcome, summary: result?.summary };
  };

  const attemptWrites = async ({ id, attempt }: Session, outcome: Outcome, at: string): Promise<Write[]> => {
    const begun = await store.findAttempt(id, attempt);
    return begun
      ? [{ kind: 'attempt', sessionId: id, attempt: { ...begun, endedAt: at, outcome: outcome.status } }]
      : [];
  };

  /** Nothing works on the session any more. */
  const endWork = async (live: SessionLive | undefined, assignment: Assignment | undefined, now: number) => {
    const at = new Date(now).toISOString();
    const ended = { ending: 'cancelled', at, wakes: false } as const;
    return [
      ...(live ? [{ kind: 'session-live', before: live, after: stopClock(live, now) } as const] : []),
      ...(assignment ? await endAssignment({ store, ids }, assignment, ended) : []),
    ];
  };

  const decide = async ({ sessionId, run, failure }: RecordOutcomeInput): Promise<Recorded> => {
    // live values first: an agent's report that comes after this read makes the commit below fail
    const live = await store.findLive(sessionId);
    const session = await store.getSession(sessionId);
    if (session.run !== run || isTerminal(session.status)) return summaryOf(session);
    const now = clock.now();
    const at = new Date(now).toISOString();
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    const { outcome, summary } = await outcomeOf(session, assignment, failure);
    const place = await leavePlace(store, session, at);
    const activeSeconds = live ? activeSecondsAt(live, now) : 0;
    const change = recordOutcome(session, outcome, { at, wake: letIn(place), activeSeconds, summary });
    await store.commit([
      ...sessionWrites(change, ids),
      ...(place ? gateWrites(place) : []),
      ...(await attemptWrites(session, outcome, at)),
      // a broken execution may have left the wait in which it broke
      ...(failure === undefined ? [] : [{ kind: 'wait-removed', sessionId } as const]),
      ...(await endWork(live, assignment, now)),
    ]);
    return summaryOf(change.after);
  };
  return (input: RecordOutcomeInput): Promise<Recorded> => retryConflict(clock, () => decide(input));
};

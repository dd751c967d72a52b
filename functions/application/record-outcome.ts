import { judge, brokenExecution, type Outcome } from '#domain/session/outcome';
import { stopClock } from '#domain/session/live';
import { recordOutcome } from '#domain/session/record-outcome';
import type { Session } from '#domain/session/session';
import { isTerminal, isUnderWay, type SessionStatus } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { gateWrites, sessionWrites } from './change-writes.ts';
import { endAssignment } from './end-assignment.ts';
import { type Clock, isoNow } from './ports/clock.ts';
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
  const decide = async ({ sessionId, run, failure }: RecordOutcomeInput): Promise<Recorded> => {
    const session = await store.getSession(sessionId);
    if (session.run !== run || isTerminal(session.status)) return summaryOf(session);
    const at = isoNow(clock);
    const live = await store.findLive(sessionId);
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    const [input, result] = await Promise.all([store.findInput(sessionId), store.findResult(sessionId, session.attempt)]);
    const judged: Outcome | undefined = assignment && judge(input?.workspace, assignment, result);
    const outcome = judged ?? brokenExecution(failure ?? 'it ended while the work was still open');

    const place = await leavePlace(store, session, at);
    const stopped = live && stopClock(live, clock.now());
    const change = recordOutcome(session, outcome, {
      at,
      wake: letIn(place),
      activeSeconds: stopped?.activeSeconds ?? 0,
      summary: result?.summary,
    });
    const attempt = isUnderWay(session.status) ? await store.findAttempt(sessionId, session.attempt) : undefined;
    const writes: Write[] = [
      ...sessionWrites(change, ids),
      ...(place ? gateWrites(place) : []),
      ...(attempt ? [{ kind: 'attempt', sessionId, attempt: { ...attempt, endedAt: at, outcome: outcome.status } } as const] : []),
      ...(live && stopped ? [{ kind: 'session-live', before: live, after: stopped } as const] : []),
      ...(assignment ? await endAssignment({ store, ids }, assignment, { ending: 'cancelled', at, wakes: false }) : []),
    ];
    await store.commit(writes);
    return summaryOf(change.after);
  };
  return (input: RecordOutcomeInput): Promise<Recorded> => retryConflict(() => decide(input));
};

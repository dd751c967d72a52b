import { brokenExecution, judge } from '#domain/session/outcome';
import type { Session } from '#domain/session/session';
import { isTerminal, type SessionStatus } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { endSession, readOpenSession } from './end-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

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
 * Record Outcome: one transaction ends the attempt and with it the session.
 * A session that somebody else has ended, or that a later run drives, stays as it is.
 */
export const makeRecordOutcome = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ sessionId, run, failure }: RecordOutcomeInput): Promise<Recorded> => {
    const open = await readOpenSession(store, sessionId);
    const { session, assignment } = open;
    // a pending one has ended before, and waits for a later run since
    if (session.run !== run || session.status === 'pending' || isTerminal(session.status)) return summaryOf(session);
    const [input, result] = await Promise.all([
      store.findInput(sessionId),
      store.findResult(sessionId, session.attempt),
    ]);
    const judged = assignment && judge(input?.workspace, assignment, result);
    const outcome = judged ?? brokenExecution(failure ?? 'it ended while the work was still open');
    const end = { outcome, now: clock.now(), result, wakesDriver: false };
    return summaryOf(await endSession({ store, ids }, open, end));
  };
  return (input: RecordOutcomeInput): Promise<Recorded> => retryConflict(clock, () => decide(input));
};

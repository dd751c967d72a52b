import type { Assignment } from '#domain/assignment/assignment';
import { isDeadlineOver } from '#domain/assignment/lease';
import type { AssignmentResult } from '#domain/assignment/result';
import type { SessionError, Workspace } from './session.ts';
import type { SessionStatus } from './status.ts';

/** How an attempt ended, in the terms of the session. */
export interface Outcome {
  readonly status: Extract<
    SessionStatus,
    'completed' | 'partially_completed' | 'failed' | 'timeout' | 'stopped' | 'cancelled' | 'orphaned'
  >;
  readonly reason: string;
  readonly error?: Omit<SessionError, 'at'>;
  readonly successRate?: number;
}

const DEFAULT_FAILURE = 'AGENT_EXECUTION_FAILED';

/** Σ weight of passed commands ÷ Σ weight. Absent without commands or weight: unknown is never 1. */
export const successRateOf = (
  verification: readonly { readonly passed: boolean; readonly weight: number }[],
): number | undefined => {
  const total = verification.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  return verification.reduce((sum, { passed, weight }) => sum + (passed ? weight : 0), 0) / total;
};

/**
 * Results of the commands that the session asked for. The agent reports exit codes only: names and weights are the session's,
 * and a command it did not report has not passed.
 */
export const judgedVerification = (workspace: Workspace | undefined, result: AssignmentResult) =>
  (workspace?.verify ?? []).map((command, index) => {
    const reported = result.verification[index];
    const passed = reported !== undefined && reported.name === command.name && reported.exitCode === 0;
    return { name: command.name, weight: command.weight, passed };
  });

const failure = (type: SessionError['type'], code: string, message: string, retryable: boolean) => ({
  type,
  code,
  message,
  retryable,
});

const resultError = (result: AssignmentResult) => {
  const code = result.errorCode ?? DEFAULT_FAILURE;
  const type = code === 'VERIFICATION_FAILED' ? 'verification' : 'agent';
  return failure(type, code, result.errorMessage ?? 'the agent gave no reason', result.retryable);
};

const judgeCompleted = (workspace: Workspace | undefined, result: AssignmentResult): Outcome => {
  const verification = judgedVerification(workspace, result);
  const successRate = successRateOf(verification);
  const known = successRate === undefined ? {} : { successRate };
  const failed = verification.filter(({ passed }) => !passed);
  if (failed.length > 0 && workspace?.verifyPolicy === 'require') {
    const message = `verification failed: ${failed.map(({ name }) => name).join(', ')}`;
    return {
      status: 'failed',
      reason: 'verification',
      error: failure('verification', 'VERIFICATION_FAILED', message, true),
      ...known,
    };
  }
  return { status: result.partial ? 'partially_completed' : 'completed', reason: 'agent_result', ...known };
};

const judgeResult = (workspace: Workspace | undefined, result: AssignmentResult): Outcome => {
  const successRate = result.verification.length > 0 ? successRateOf(judgedVerification(workspace, result)) : undefined;
  const known = successRate === undefined ? {} : { successRate };
  switch (result.status) {
    case 'completed':
      return judgeCompleted(workspace, result);
    case 'failed': {
      const error = resultError(result);
      return {
        status: 'failed',
        reason: error.type === 'verification' ? 'verification' : 'agent_result',
        error,
        ...known,
      };
    }
    case 'timeout':
      return {
        status: 'timeout',
        reason: 'max_duration',
        error: failure('timeout', 'SESSION_TIMEOUT', result.errorMessage ?? 'the working time is used up', true),
        ...known,
      };
    case 'stopped':
      return { status: 'stopped', reason: 'agent_result' };
    case 'cancelled':
      return { status: 'cancelled', reason: 'agent_result' };
  }
};

/** A lease that ran out after the deadline is a timeout: from then on nobody could renew it. */
const expired = (assignment: Assignment): Outcome =>
  isDeadlineOver(assignment, Date.parse(assignment.endedAt ?? assignment.createdAt))
    ? {
        status: 'timeout',
        reason: 'max_duration',
        error: failure(
          'timeout',
          'SESSION_TIMEOUT',
          'the working time is used up and the agent handed nothing back',
          true,
        ),
      }
    : {
        status: 'orphaned',
        reason: 'lease_lost',
        error: failure('system', 'AGENT_LEASE_EXPIRED', 'the agent gave no sign of life until its lease ran out', true),
      };

/** What became of the attempt that an assignment carried, or undefined while the assignment is open. */
export const judge = (
  workspace: Workspace | undefined,
  assignment: Assignment,
  result: AssignmentResult | undefined,
): Outcome | undefined => {
  switch (assignment.state) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      if (result) return judgeResult(workspace, result);
      return { status: 'orphaned', reason: 'execution_lost', error: lost('its assignment ended without a result') };
    case 'expired':
      return expired(assignment);
    default:
      return undefined;
  }
};

const lost = (message: string) => failure('system', 'SESSION_ORPHANED', message, true);

/** The outcome of a session whose execution broke before its agent's work could be judged. */
export const brokenExecution = (cause: string): Outcome => ({
  status: 'orphaned',
  reason: 'execution_lost',
  error: lost(`the session's execution failed: ${cause}`.slice(0, 1000)),
});

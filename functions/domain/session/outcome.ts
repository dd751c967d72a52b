import type { Assignment } from '#domain/assignment/assignment';
import { isDeadlineOver } from '#domain/assignment/lease';
import type { AssignmentResult } from '#domain/assignment/result';
import { isTakenOver } from '#domain/assignment/take-over';
import type { Stage } from '#domain/routing/stage';
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

const lost = (message: string) => failure('system', 'SESSION_ORPHANED', message, true);

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

/** An agent may say that it ran out of time long before the session does. */
const outOfTime = (assignment: Assignment): string =>
  isDeadlineOver(assignment, Date.parse(assignment.endedAt ?? assignment.createdAt))
    ? 'the working time is used up'
    : 'the agent said that it ran out of time; the working time of the session was not used up';

const judgeResult = (workspace: Workspace | undefined, assignment: Assignment, result: AssignmentResult): Outcome => {
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
        error: failure('timeout', 'SESSION_TIMEOUT', result.errorMessage ?? outOfTime(assignment), true),
        ...known,
      };
    case 'stopped':
      return { status: 'stopped', reason: 'agent_result' };
    case 'cancelled':
      return { status: 'cancelled', reason: 'agent_result' };
  }
};

/** What kept the agents from work that nobody took, by the stage of routing that left none of them; absent for work kept for one. */
const WHY_NOBODY: Readonly<Record<Stage, string>> = {
  registered: 'no agent was registered',
  reachable: 'every agent was offline, busy or draining',
  allowed: 'the only agent there was had just lost it',
  capable: 'no agent that was online has all required capabilities',
  suitable: 'no agent that was online takes work of its kind',
  tier: 'no agent that was online performs well enough',
  capacity: 'every agent that fits was busy',
};

/** The outcome of a session whose work no agent took in time. */
export const noAgent = (work: Pick<Assignment, 'waitingReason'> | undefined): Outcome => {
  const why = work?.waitingReason ? WHY_NOBODY[work.waitingReason] : 'the agent that was to have it did not claim it';
  const message = `no agent took the work within queue_ttl_seconds, or an hour if that is less: ${why}`;
  return { status: 'failed', reason: 'no_agent', error: failure('system', 'AGENT_UNAVAILABLE', message, true) };
};

/** A lease that ran out after the deadline is a timeout: from then on nobody could renew it. */
const expired = (assignment: Assignment): Outcome | undefined => {
  if (assignment.agentId === undefined) return noAgent(assignment);
  if (isTakenOver(assignment)) return undefined;
  return isDeadlineOver(assignment, Date.parse(assignment.endedAt ?? assignment.createdAt))
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
        error: failure(
          'system',
          'AGENT_LEASE_EXPIRED',
          `${assignment.grant} agents in turn gave no sign of life until their leases ran out`,
          true,
        ),
      };
};

/** What became of the attempt that an assignment carried, or undefined while it is open or another agent may go on with it. */
export const judge = (
  workspace: Workspace | undefined,
  assignment: Assignment,
  result: AssignmentResult | undefined,
): Outcome | undefined => {
  switch (assignment.state) {
    case 'completed':
    case 'failed':
    case 'cancelled':
      if (result) return judgeResult(workspace, assignment, result);
      return { status: 'orphaned', reason: 'execution_lost', error: lost('its assignment ended without a result') };
    case 'expired':
      return expired(assignment);
    default:
      return undefined;
  }
};

/** The outcome of a session that stayed in the queue for as long as it may. */
export const queueTimeout: Outcome = {
  status: 'timeout',
  reason: 'queue_ttl',
  error: failure('timeout', 'SESSION_TIMEOUT', 'no slot became free within queue_ttl_seconds', true),
};

/** The outcome of a session whose driver was lost again and again. */
export const lostExecution: Outcome = {
  status: 'orphaned',
  reason: 'execution_lost',
  error: lost('its execution was lost and recovered several times without any progress'),
};

/** The outcome of a session whose execution broke before its agent's work could be judged. */
export const brokenExecution = (cause: string): Outcome => ({
  status: 'orphaned',
  reason: 'execution_lost',
  error: lost(`the session's execution failed: ${cause}`.slice(0, 1000)),
});

/** The outcome of a session whose model is not there, or is served by nobody, when its attempt is to begin. */
export const noModel = (code: string, message: string): Outcome => ({
  status: 'failed',
  reason: 'model',
  error: failure('user', code, message, true),
});

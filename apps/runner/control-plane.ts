import type { WorkEventInput } from '#contracts/assignment';
import type { CallInput, CallOutput } from '#contracts/client';
import { ApiProblem, ApiUnreachable } from '#contracts/client';

/** What a runner tells about itself. */
export type RegisterRequest = CallInput<'registerExternalAgent'>['body'];
export type RegisterAnswer = CallOutput<'registerExternalAgent'>;

export type ClaimAnswer = CallOutput<'eapClaim'>;
export type Assignment = ClaimAnswer['assignments'][number];
export type Workspace = NonNullable<Assignment['input_data']['workspace']>;
export type WorkspaceCommand = Workspace['setup'][number];

type WithoutNumber<E> = E extends unknown ? Omit<E, 'event_seq' | 'timestamp'> : never;
/** An event of an assignment before it got its number and time. */
export type WorkEvent = WithoutNumber<WorkEventInput>;
export type NumberedEvent = WorkEventInput;

export type Result = CallInput<'eapSubmitResult'>['body'];
export type OutputData = NonNullable<Result['output_data']>;
/** What the control plane wants of the runner, of a kind that the runner may not know yet. */
export interface Directive {
  readonly type: string;
}
interface LeaseAnswer {
  readonly directives: readonly Directive[];
}

/** What a runner needs of the control plane. Every call throws ApiProblem when refused and ApiUnreachable when not answered. */
export interface ControlPlane {
  register(request: RegisterRequest): Promise<RegisterAnswer>;
  /** The calls of a registered agent. */
  asAgent(agent: { readonly agentId: string; readonly token: string }): AgentCalls;
}

export interface AgentCalls {
  heartbeat(body: CallInput<'eapHeartbeat'>['body']): Promise<LeaseAnswer>;
  claim(body: CallInput<'eapClaim'>['body'], idempotencyKey: string): Promise<ClaimAnswer>;
  reportEvents(assignmentId: string, body: CallInput<'eapReportEvents'>['body']): Promise<LeaseAnswer>;
  extend(assignmentId: string, body: CallInput<'eapExtendLease'>['body']): Promise<LeaseAnswer>;
  /** The assignment as it stands now. */
  look(assignmentId: string): Promise<Pick<CallOutput<'eapGetAssignment'>, 'deadline_at'>>;
  release(assignmentId: string, body: CallInput<'eapReleaseAssignment'>['body']): Promise<unknown>;
  createArtifact(
    assignmentId: string,
    body: CallInput<'eapCreateArtifact'>['body'],
  ): Promise<CallOutput<'eapCreateArtifact'>>;
  /** Where a file of the assignment's session can be downloaded. */
  getArtifact(assignmentId: string, artifactId: string): Promise<CallOutput<'eapGetArtifact'>>;
  submitResult(assignmentId: string, body: Result): Promise<CallOutput<'eapSubmitResult'>>;
}

const lostCodes = new Set([
  'STALE_FENCING_TOKEN',
  'ASSIGNMENT_CLOSED',
  'ASSIGNMENT_NOT_FOUND',
  'RESULT_CONFLICT',
  'INVALID_AGENT_TOKEN',
  'AGENT_NOT_FOUND',
]);

/** The assignment is somebody else's, or over: stop and throw the work away. */
export const isAssignmentLost = (error: unknown): boolean =>
  error instanceof ApiProblem && lostCodes.has(error.problem.code);

/** The time for the assignment is over; only its result is still taken. */
export const isOutOfTime = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.code === 'ASSIGNMENT_DEADLINE_PASSED';

/** The registration is gone; only registering again helps. */
export const isRegistrationLost = (error: unknown): boolean =>
  error instanceof ApiProblem &&
  (error.problem.code === 'INVALID_AGENT_TOKEN' || error.problem.code === 'AGENT_NOT_FOUND');

/** A later repetition of the same call may succeed. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiUnreachable || (error instanceof ApiProblem && error.problem.retryable);

/** How many seconds to wait, where that is why a call was refused. */
export const waitOf = (error: unknown): number | undefined => {
  if (!(error instanceof ApiProblem) || error.problem.code !== 'RATE_LIMITED') return undefined;
  const seconds = error.problem['retry_after_seconds'];
  return typeof seconds === 'number' ? seconds : undefined;
};

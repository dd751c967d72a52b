/** What ends an assignment as failed, as the result reports it. */
export class RunFailure extends Error {
  readonly code: RunFailureCode;
  readonly retryable: boolean;
  constructor(message: string, { code, retryable, ...options }: RunFailureOptions) {
    super(message, options);
    this.name = 'RunFailure';
    this.code = code;
    this.retryable = retryable;
  }
}

interface RunFailureOptions extends ErrorOptions {
  readonly code: RunFailureCode;
  /** Another attempt may succeed. */
  readonly retryable: boolean;
}

/** The error codes that a runner reports. */
export type RunFailureCode =
  | 'AGENT_EXECUTION_FAILED'
  | 'AGENT_REJECTED'
  | 'UPSTREAM_ERROR'
  | 'REPOSITORY_REFUSED'
  | 'VERIFICATION_FAILED';

/** Any error as a failure: what nobody foresaw is worth another attempt. */
export const asRunFailure = (cause: unknown): RunFailure =>
  cause instanceof RunFailure
    ? cause
    : executionFailure(cause instanceof Error ? cause.message : String(cause), { cause });

/** The agent, or what it works with, failed. @default retryable true */
export const executionFailure = (
  message: string,
  { retryable = true, ...options }: ErrorOptions & { retryable?: boolean } = {},
): RunFailure => new RunFailure(message, { code: 'AGENT_EXECUTION_FAILED', retryable, ...options });

/** This runner cannot do the work, another one may: the next attempt goes to another one if there is any. */
export const rejectedWork = (message: string): RunFailure =>
  new RunFailure(message, { code: 'AGENT_REJECTED', retryable: true });

/** Something that the runner talks to failed; it may be back for the next attempt. */
export const upstreamFailure = (message: string, options?: ErrorOptions): RunFailure =>
  new RunFailure(message, { code: 'UPSTREAM_ERROR', retryable: true, ...options });

/** What ends an assignment as failed, as the result reports it. */
export class RunFailure extends Error {
  readonly code: RunFailureCode;
  readonly retryable: boolean;
  constructor(code: RunFailureCode, retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunFailure';
    this.code = code;
    this.retryable = retryable;
  }
}

/** The error codes that a runner reports. */
export type RunFailureCode = 'AGENT_EXECUTION_FAILED' | 'UPSTREAM_ERROR' | 'REPOSITORY_REFUSED' | 'VERIFICATION_FAILED';

/** Any error as a failure: what nobody foresaw is worth another attempt. */
export const asRunFailure = (error: unknown): RunFailure =>
  error instanceof RunFailure
    ? error
    : new RunFailure('AGENT_EXECUTION_FAILED', true, error instanceof Error ? error.message : String(error), { cause: error });

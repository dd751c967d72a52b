/** Starts, stops and wakes the executions that drive sessions. */
export interface Executions {
  /** Starting twice starts once. */
  start(execution: { tenantId: string; sessionId: string; run: number }): Promise<void>;
  /** An execution that has ended, or never began, is no error. */
  stop(execution: { tenantId: string; sessionId: string; run: number }, cause: string): Promise<void>;
}

/** One execution of an attempt of a training job: the first one, or that of the run. */
export interface TrainingExecution {
  readonly tenantId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly run?: number | undefined;
}

/** Starts and stops the executions that drive training jobs. */
export interface TrainingExecutions {
  /** Starting twice starts once. */
  start(execution: TrainingExecution): Promise<void>;
  /** An execution that has ended, or never began, is no error. */
  stop(execution: TrainingExecution, cause: string): Promise<void>;
}

/** Ends a wait. A token that was used, or whose state is over, is no error. */
export interface TaskTokens {
  complete(taskToken: string): Promise<void>;
}

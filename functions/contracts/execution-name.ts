/** One run of a session. */
export interface Execution {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly run: number;
}

/** How the names of all runs of a session begin. */
export const executionPrefix = ({ tenantId, sessionId }: Omit<Execution, 'run'>): string => `${tenantId}-${sessionId}-`;

/** Injective: ids have a fixed length and no separator in them. At most 80 characters. */
export const executionName = (execution: Execution): string => `${executionPrefix(execution)}${execution.run}`;

/** One execution of an attempt of a training job: the first one, or that of the run. */
export interface TrainingExecution {
  readonly tenantId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly run?: number | undefined;
}

/** Injective like the name of a session's execution; the two belong to different machines. */
export const trainingExecutionName = ({ tenantId, jobId, attempt, run = 1 }: TrainingExecution): string =>
  [tenantId, jobId, attempt, ...(run === 1 ? [] : [run])].join('-');

/** What Step Functions recorded of one step of an execution. */
export interface HistoryEvent {
  readonly type: string;
  /** ISO time. */
  readonly at: string;
  /** Of the events that enter or leave a state. */
  readonly state?: string | undefined;
  /** Of the events that say a try has failed. */
  readonly error?: string | undefined;
}

/** One execution as Step Functions tells it. */
export interface RecordedExecution {
  readonly name: string;
  /** RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED. */
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
}

/** Reads the executions that drive sessions. Every failure of AWS is a Refusal that says what to do. */
export interface ExecutionLog {
  /** The name of the newest execution whose name begins so and that was started after a moment (ms). */
  newest(prefix: string, since: number): Promise<string | undefined>;
  /** Undefined when there is none of that name, or none any more. */
  read(name: string): Promise<RecordedExecution | undefined>;
}

/** Consumers of the bus that an event may call. Rules match on these names. */
export type Consumer = 'start-execution' | 'stop-execution' | 'wake' | 'place-work' | 'poll-training';

/** The part of an event that reaches the bus and no client: who must act on it, and on what. */
export interface EventInternals {
  readonly consumers?: readonly Consumer[];
  /** Sessions whose stored wait may be over because of this change. */
  readonly wake?: readonly string[];
  /** The execution to start or stop. */
  readonly run?: { readonly sessionId: string; readonly number: number };
  /** The dataset whose build is to start. */
  readonly curation?: string;
  /** Number of the execution that builds it, when it is not the first one. */
  readonly curationRun?: number;
  /** Training jobs whose stored wait may be over because of this change. */
  readonly wakeJobs?: readonly string[];
  /** The attempt of a training job whose execution is to be started or stopped, or that is to be looked at. */
  readonly training?: { readonly jobId: string; readonly attempt: number; readonly run?: number };
}

/** Who caused a change. */
export interface Actor {
  readonly kind: 'user' | 'service' | 'agent' | 'system';
  readonly id?: string;
}

/** The aggregate an event belongs to. */
export type Stream =
  | `session:${string}`
  | `agent:${string}`
  | `dataset:${string}`
  | `training_job:${string}`
  | `model:${string}`
  | `tenant:${string}`;

/** A fact that a change announces. Its number in the stream equals the aggregate's version after it. */
export interface DomainEvent {
  readonly stream: Stream;
  readonly seq: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** ISO time of the change's commit. */
  readonly timestamp: string;
  readonly internal?: EventInternals;
}

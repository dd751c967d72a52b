export const CHECKPOINT_TRIGGERS = ['after_tool_use', 'periodic', 'manual', 'before_stop'] as const;
export type CheckpointTrigger = (typeof CHECKPOINT_TRIGGERS)[number];

/** What somebody hands in as a checkpoint. `data` is canonical JSON, so that what comes back is the same byte for byte. */
export interface NewCheckpoint {
  readonly id: string;
  readonly trigger: CheckpointTrigger;
  readonly data: string;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly stateHash: string;
}

/** A place that an agent may go on from, without the data. Numbered per session; a number is never used again. */
export interface CheckpointHead extends Omit<NewCheckpoint, 'data'> {
  readonly sessionId: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface Checkpoint extends CheckpointHead {
  readonly data: string;
}

/** How a session's head names a checkpoint. */
export interface CheckpointRef {
  readonly checkpointId: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly createdAt: string;
  /** Whose work it is of: an agent, or the person who handed it in. */
  readonly createdBy?: string | undefined;
}

/** The name of a checkpoint in a session's head. */
export const refOf = ({ id, sequence, attempt, createdAt, createdBy }: CheckpointHead): CheckpointRef => ({
  checkpointId: id,
  sequence,
  attempt,
  createdAt,
  createdBy,
});

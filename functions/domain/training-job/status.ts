/** Every status of a training job, in the order of a plain life. */
export const TRAINING_STATUSES = [
  'pending',
  'queued',
  'running',
  'evaluating',
  'completed',
  'failed',
  'cancelled',
] as const;

export type TrainingStatus = (typeof TRAINING_STATUSES)[number];

/**
 * pending ─► queued ─► running ─► evaluating ─► completed
 *    ▲                    └──────(gate off)────────▲
 *    └─ retry ── failed | cancelled, from any that is not terminal (a pending one cannot fail)
 */
export const trainingMoves = {
  pending: ['queued', 'cancelled'],
  queued: ['running', 'failed', 'cancelled'],
  running: ['evaluating', 'completed', 'failed', 'cancelled'],
  evaluating: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: ['pending'],
  cancelled: ['pending'],
} as const satisfies Record<TrainingStatus, readonly TrainingStatus[]>;

/** Whether the table above admits the move. */
export const isLegalTrainingMove = (from: TrainingStatus, to: TrainingStatus): boolean =>
  (trainingMoves[from] as readonly TrainingStatus[]).includes(to);

const TERMINAL: ReadonlySet<TrainingStatus> = new Set(['completed', 'failed', 'cancelled']);

/** Whether the job has ended. A retry may begin one that failed or was cancelled anew. */
export const isTerminalTraining = (status: TrainingStatus): boolean => TERMINAL.has(status);

const RANKS: Readonly<Record<TrainingStatus, number>> = {
  pending: 0,
  queued: 1,
  running: 2,
  evaluating: 3,
  completed: 4,
  failed: 4,
  cancelled: 4,
};

/** Whether a report takes an attempt further. What comes late or twice does not. */
export const isFurther = (from: TrainingStatus, to: TrainingStatus): boolean => RANKS[to] > RANKS[from];

import { driverOf, runOf } from './driver.ts';
import type { TrainingError, TrainingJob, TrainingLive } from './training-job.ts';
import { recordTraining, type TrainingChange } from './transition.ts';

/** Recoveries of an attempt in a row, without progress and within an hour. */
export const MAX_TRAINING_RECOVERIES = 3;

/** How long nobody may wait for what comes next; a step that is tried until it fails for good takes less. */
const SILENCE_MS = 600_000;

const HOUR_DIGITS = 'yyyy-mm-ddThh'.length;

export const executionLost: TrainingError = {
  code: 'EXECUTION_LOST',
  message: `the execution that drove the job was lost, and ${MAX_TRAINING_RECOVERIES} new ones after it; retry the job, and have an operator look at state machine fine-tuning if that repeats`,
};

/** Differs when the attempt has got on in between, and from hour to hour: only what is lost again and again is given up. */
const markOf = ({ status }: TrainingJob, { step = 0, trainedAt, evaluatedAt }: TrainingLive, at: string): string =>
  [at.slice(0, HOUR_DIGITS), status, step, trainedAt, evaluatedAt].join('#');

/**
 * Gives an attempt whose execution was lost to a new one. Status, slot and training stay as they are: the new one looks at them.
 * Undefined when that was done too often in a row.
 */
export const recoverTraining = (job: TrainingJob, live: TrainingLive, at: string): TrainingChange | undefined => {
  const mark = markOf(job, live, at);
  const before = job.recovery?.mark === mark ? job.recovery.count : 0;
  if (before >= MAX_TRAINING_RECOVERIES) return undefined;
  const next: TrainingJob = { ...job, run: runOf(job) + 1, recovery: { count: before + 1, mark } };
  const payload = { attempt: next.attempt, run: next.run };
  const internal = { consumers: ['start-execution' as const], training: driverOf(next) };
  return { before: job, ...recordTraining(next, { type: 'training_job.recovered', payload, internal }, at) };
};

/** Since when nobody has waited for what comes next. */
export const driverMissingSince = (live: TrainingLive, isWaitedFor: boolean, at: string): string | undefined =>
  isWaitedFor ? undefined : (live.driverMissingSince ?? at);

/** Whether the execution counts as lost. */
export const isDriverLost = ({ driverMissingSince: since }: TrainingLive, now: number): boolean =>
  since !== undefined && now - Date.parse(since) >= SILENCE_MS;

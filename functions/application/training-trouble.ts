import { runsOn } from '#domain/training-job/leftover';
import type { TrainingLive } from '#domain/training-job/training-job';

/**
 * Something that people should know: a word of a provider that nobody knows, a provider that does not answer for ten minutes, or that
 * does not stop for half an hour, a job at which no look has succeeded for ten minutes, a training that no job knows of, and executions that were lost.
 */
export type TrainingTrouble =
  | 'training_unknown_status'
  | 'training_unheard'
  | 'training_not_looked_at'
  | 'training_not_stopped'
  | 'training_stray'
  | 'recovered'
  | 'orphaned';

/** What people should know of one job. */
export interface TrainingRemark {
  readonly tenantId: string;
  readonly jobId: string;
  readonly found: TrainingTrouble;
}

/** A look at a job, or a part of one, that failed. */
export interface TrainingFailure {
  readonly tenantId: string;
  readonly jobId: string;
  readonly during: 'ask' | 'stop' | 'call off' | 'look' | 'deadline';
  readonly error: unknown;
}

/** A provider that does not answer for so long needs a person, and so does a job that cannot be looked at. */
const TOO_LONG_MS = 600_000;

/** Whether something has lasted so long that people should know. */
export const isTooLong = (since: string | undefined, now: number): boolean =>
  since !== undefined && now - Date.parse(since) >= TOO_LONG_MS;

/** What people should know of a look. */
export const troubles = (live: TrainingLive, isUnknown: boolean, now: number): readonly TrainingTrouble[] => [
  ...(isUnknown ? (['training_unknown_status'] as const) : []),
  ...(isTooLong(live.unheardSince, now) ? (['training_unheard'] as const) : []),
  ...(live.leftovers?.some((leftover) => runsOn(leftover, now)) ? (['training_not_stopped'] as const) : []),
];

import { runsOn } from '#domain/training-job/leftover';
import type { TrainingLive } from '#domain/training-job/training-job';

/**
 * Something that people should know: a word of a provider that nobody knows, a provider that does not answer for ten minutes, or that
 * does not stop for half an hour, a training that no job knows of, and executions that were lost.
 */
export type TrainingTrouble =
  | 'training_unknown_status'
  | 'training_unheard'
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

/** A provider that does not answer for so long needs a person. */
const UNHEARD_MS = 600_000;

const isUnheard = ({ unheardSince }: TrainingLive, now: number): boolean =>
  unheardSince !== undefined && now - Date.parse(unheardSince) >= UNHEARD_MS;

/** What people should know of a look. */
export const troubles = (live: TrainingLive, isUnknown: boolean, now: number): readonly TrainingTrouble[] => [
  ...(isUnknown ? (['training_unknown_status'] as const) : []),
  ...(isUnheard(live, now) ? (['training_unheard'] as const) : []),
  ...(live.leftovers?.some((leftover) => runsOn(leftover, now)) ? (['training_not_stopped'] as const) : []),
];

import type { TrainingError, TrainingJob, TrainingLive } from './training-job.ts';

/** Whose work a version is. */
export interface Maker {
  readonly jobId: string;
  readonly attempt: number;
}

/**
 * What becomes of a job that may have made its version: it is registered, or was so by this attempt; somebody has asked to
 * cancel it; the version is another one's; or there is no model to register.
 */
export type Registration = 'register' | 'registered' | 'cancel' | 'taken' | 'none';

const hasModel = ({ status, isGated }: TrainingJob, { trainedAt }: TrainingLive): boolean =>
  status === 'evaluating' || (status === 'running' && !isGated && trainedAt !== undefined);

/** What becomes of a job, given who made the version that is there already. */
export const registrationOf = (job: TrainingJob, live: TrainingLive, maker: Maker | undefined): Registration => {
  if (!hasModel(job, live)) return 'none';
  if (job.cancelRequestedAt !== undefined) return 'cancel';
  if (maker === undefined) return 'register';
  return maker.jobId === job.id && maker.attempt === job.attempt ? 'registered' : 'taken';
};

/** Why a job fails whose version another one has made. */
export const versionTaken = (job: TrainingJob, { jobId, attempt }: Maker): TrainingError => ({
  code: 'MODEL_VERSION_EXISTS',
  message: `${job.targetModelName} has a version ${job.modelVersion} already, of attempt ${attempt} of job ${jobId}; create a job for another version`,
});

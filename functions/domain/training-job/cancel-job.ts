import { driverOf } from './driver.ts';
import { InvalidTrainingMove } from './errors.ts';
import { isLegalTrainingMove } from './status.ts';
import type { TrainingJob, TrainingLive } from './training-job.ts';
import { moveTraining, noteTraining, type TrainingChange } from './transition.ts';

/** Whether a provider may be at work on the attempt, so that it must be told first. */
const isAtProvider = ({ status }: TrainingJob, live: TrainingLive) =>
  status === 'running' || (status === 'queued' && live.submittingAt !== undefined);

/**
 * Cancels a job at once where no provider is at work on it. Otherwise asks for it, and the job is cancelled when its provider
 * has stopped. Undefined when that was asked before, or is done.
 * @throws InvalidTrainingMove for a job that has ended otherwise
 */
export const cancelTrainingJob = (
  job: TrainingJob,
  live: TrainingLive,
  { reason, at }: { readonly reason?: string | undefined; readonly at: string },
): TrainingChange | undefined => {
  if (job.status === 'cancelled' || job.cancelRequestedAt !== undefined) return undefined;
  if (!isLegalTrainingMove(job.status, 'cancelled')) throw new InvalidTrainingMove(job.status, 'cancelled');
  const training = driverOf(job);
  const set = { cancelRequestedAt: at, cancelReason: reason };
  if (isAtProvider(job, live))
    return noteTraining(job, { at, set, phase: 'stopping', internal: { consumers: ['poll-training'], training } });
  // a pending one has no execution; one that was evaluating may have sessions at work
  const consumers = ['stop-execution' as const, ...(job.status === 'evaluating' ? (['poll-training'] as const) : [])];
  const internal = job.status === 'pending' ? undefined : { consumers, training };
  return moveTraining(job, { to: 'cancelled', at, set, internal });
};

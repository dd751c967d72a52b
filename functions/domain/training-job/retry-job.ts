import { InvalidTrainingMove, TrainingNotRetryable } from './errors.ts';
import { isLegalTrainingMove } from './status.ts';
import { MAX_TRAINING_ATTEMPTS, type TrainingJob, type TrainingLive } from './training-job.ts';
import { moveTraining, type TrainingChange } from './transition.ts';

/**
 * A job that has ended without success waits to be started once more.
 * @throws InvalidTrainingMove, TrainingNotRetryable
 */
export const retryTrainingJob = (job: TrainingJob, at: string): TrainingChange => {
  if (!isLegalTrainingMove(job.status, 'pending')) throw new InvalidTrainingMove(job.status, 'pending');
  if (job.attempt >= MAX_TRAINING_ATTEMPTS) throw new TrainingNotRetryable();
  return moveTraining(job, {
    to: 'pending',
    at,
    set: {
      attempt: job.attempt + 1,
      run: undefined,
      recovery: undefined,
      outcome: undefined,
      startedAt: undefined,
      completedAt: undefined,
      cancelRequestedAt: undefined,
      cancelReason: undefined,
    },
  });
};

/** What the next attempt begins with: of the one before only what it will probably cost, and what is still to be stopped. */
export const freshTrainingLive = (
  jobId: string,
  attempt: number,
  { estimate, leftovers, openReplays, dueAt, revision = 0 }: Pick<TrainingLive, 'estimate'> & Partial<TrainingLive>,
): TrainingLive => ({
  jobId,
  attempt,
  estimate,
  ...(leftovers ? { leftovers } : {}),
  ...(openReplays ? { openReplays } : {}),
  ...(leftovers || openReplays ? { dueAt } : {}),
  revision,
});

import { ConcurrentUpdate } from '#domain/errors';
import { ModelVersionExists } from '#domain/training-job/errors';
import { freshTrainingLive, retryTrainingJob } from '#domain/training-job/retry-job';
import { remembered } from './change-writes.ts';
import { expectedTraining } from './expected-training.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { mustAllowTraining } from './training-consent.ts';
import { claimWrite, type TrainingState, trainingWrites, useWrites } from './training-writes.ts';

export interface RetryTrainingJobInput {
  readonly jobId: string;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((state: TrainingState) => IdempotencyRecord) | undefined;
}

/**
 * Makes a job that has ended without success pending once more, as the next attempt.
 * @throws NotFound, InvalidTrainingMove, TrainingNotRetryable, TrainingDataDisabled, PreconditionFailed
 * @throws ModelVersionExists when its version is there, or another job is about to make it
 */
export const makeRetryTrainingJob = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ remember, ...asked }: RetryTrainingJobInput): Promise<TrainingState> => {
    const { job, input, live } = await expectedTraining(store, asked);
    const change = retryTrainingJob(job, isoNow(clock));
    await mustAllowTraining(store);
    const after = freshTrainingLive(job.id, change.after.attempt, live);
    const { targetModelName: modelName, modelVersion } = job;
    if (await store.findModelVersion(modelName, modelVersion)) throw new ModelVersionExists(modelName, modelVersion);
    const dataset = job.datasetId === undefined ? undefined : await store.getDataset(job.datasetId);
    const state = { job: change.after, input, live: after };
    const writes = [
      ...trainingWrites(change, ids),
      { kind: 'training-live', before: live, after } as const,
      claimWrite(job),
      ...useWrites(dataset, job.id),
      ...remembered(remember?.(state)),
    ];
    await store.commit(writes).catch((error: unknown) => {
      if (error instanceof ConcurrentUpdate && error.what === 'version-claim')
        throw new ModelVersionExists(modelName, modelVersion);
      throw error;
    });
    return state;
  };
  return (input: RetryTrainingJobInput): Promise<TrainingState> => retryConflict(clock, () => decide(input));
};

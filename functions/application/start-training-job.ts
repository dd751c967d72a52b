import type { Dataset } from '#domain/dataset/dataset';
import { InvalidInput } from '#domain/errors';
import { usableFacts } from '#domain/training-job/dataset-facts';
import { nextLook } from '#domain/training-job/deadline';
import { InvalidTrainingMove } from '#domain/training-job/errors';
import { startTrainingJob } from '#domain/training-job/start-job';
import type { TrainingLive } from '#domain/training-job/training-job';
import { andThen, type TrainingChange } from '#domain/training-job/transition';
import { remembered } from './change-writes.ts';
import { expectedTraining } from './expected-training.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';
import { mustAllowTraining } from './training-consent.ts';
import { type TrainingState, trainingWrites, useWrites } from './training-writes.ts';

export interface StartTrainingJobInput {
  readonly jobId: string;
  /** In place of the dataset that the job names. */
  readonly datasetId?: string | undefined;
  readonly ifVersion?: number | undefined;
  readonly remember?: ((state: TrainingState) => IdempotencyRecord) | undefined;
}

const noDataset = () => new InvalidInput([{ path: '/dataset_id', message: 'name the dataset to train with' }]);

/**
 * Queues a job that is pending after a change, in the same change. What is known of its dataset is kept.
 * Budget: the estimate's max_usd is to be reserved in the transaction of this change.
 * @throws InvalidInput without a dataset
 * @throws DatasetUnusable
 */
export const queueTraining = (
  pending: TrainingChange,
  live: TrainingLive,
  dataset: Dataset | undefined,
  now: number,
): { change: TrainingChange; live: TrainingLive } => {
  if (dataset === undefined) throw noDataset();
  const facts = usableFacts(dataset);
  const change = andThen(pending, (job) => startTrainingJob(job, dataset.id, new Date(now).toISOString()));
  const phase = facts === undefined ? ('waiting_for_dataset' as const) : undefined;
  return { change, live: { ...live, dataset: facts, phase, dueAt: nextLook(change.after, now) } };
};

/**
 * Queues a pending job and asks for the execution that drives it.
 * @throws NotFound for an unknown job or dataset
 * @throws InvalidTrainingMove, TrainingDataDisabled, DatasetUnusable, InvalidInput, PreconditionFailed; then nothing is changed
 */
export const makeStartTrainingJob = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async (asked: StartTrainingJobInput): Promise<TrainingState> => {
    const { job, input, live } = await expectedTraining(store, asked);
    if (job.status !== 'pending') throw new InvalidTrainingMove(job.status, 'queued');
    await mustAllowTraining(store);
    const datasetId = asked.datasetId ?? job.datasetId;
    if (datasetId === undefined) throw noDataset();
    const dataset = await store.getDataset(datasetId);
    const queued = queueTraining({ before: job, after: job, events: [] }, live, dataset, clock.now());
    const state = { job: queued.change.after, input, live: queued.live };
    await store.commit([
      ...trainingWrites(queued.change, ids),
      { kind: 'training-live', before: live, after: queued.live },
      ...useWrites(dataset, job.id),
      ...(job.datasetId === undefined || job.datasetId === datasetId
        ? []
        : [{ kind: 'dataset-use-removed', datasetId: job.datasetId, jobId: job.id } as const]),
      ...remembered(asked.remember?.(state)),
    ]);
    return state;
  };
  return (input: StartTrainingJobInput): Promise<TrainingState> => retryConflict(clock, () => decide(input));
};

import { DatasetUnusable, usableFacts } from '#domain/training-job/dataset-facts';
import { nextLook } from '#domain/training-job/deadline';
import { drives, type TrainingDriver } from '#domain/training-job/driver';
import { estimateTraining } from '#domain/training-job/estimate';
import type { PriceTable } from '#domain/training-job/price-table';
import { moveTraining } from '#domain/training-job/transition';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { changeWrites, readTraining } from './training-writes.ts';

/** Whose attempt a state of the machine is about, and which of its executions asks. */
export interface TrainingStep extends TrainingDriver {
  readonly jobId: string;
}

/** The driver was woken before there is a dataset: it waits once more. The name is the one that the machine catches. */
export class DatasetStillBuilding extends Error {
  override readonly name = 'DatasetStillBuilding';
}

/**
 * Estimate Cost: notes what the job learns from and what that will probably cost. A dataset that turned out to be unusable
 * ends the job with the reason. A job that has ended, or was estimated before, stays as it is.
 * @throws DatasetStillBuilding
 */
export const makeEstimateCost = ({
  store,
  prices,
  clock,
  ids,
}: {
  store: TenantStore;
  prices: PriceTable;
  clock: Clock;
  ids: Identifiers;
}) => {
  const decide = async (step: TrainingStep): Promise<void> => {
    const { job, input, live } = await readTraining(store, step.jobId);
    if (!drives(step, job) || job.status !== 'queued' || job.datasetId === undefined) return;
    if (live.submittingAt !== undefined) return;
    try {
      const facts = usableFacts(await store.getDataset(job.datasetId));
      if (facts === undefined) throw new DatasetStillBuilding('the dataset is not ready yet');
      const estimate = estimateTraining({ ...input, provider: job.provider, trainTokens: facts.trainTokens }, prices);
      const after = { ...live, dataset: facts, estimate, phase: undefined, dueAt: nextLook(job, clock.now()) };
      await store.commit([{ kind: 'training-live', before: live, after }]);
    } catch (error) {
      if (!(error instanceof DatasetUnusable)) throw error;
      const failure = { code: error.code, message: error.message };
      const change = moveTraining(job, { to: 'failed', at: isoNow(clock), error: failure });
      await store.commit(await changeWrites({ store, ids }, live, { change, live }));
    }
  };
  return (step: TrainingStep): Promise<void> => retryConflict(clock, () => decide(step));
};

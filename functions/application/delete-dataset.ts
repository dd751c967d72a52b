import { deleteDataset } from '#domain/dataset/dataset-change';
import { datasetWrites } from './change-writes.ts';
import { DATASET_FILES } from './dataset-downloads.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

/** Who learns from a dataset. */
export interface DatasetUse {
  /** Training jobs of the tenant that use the dataset and have not ended. */
  openJobsUsing(datasetId: string): Promise<readonly string[]>;
}

interface Ports {
  readonly store: TenantStore;
  readonly files: DatasetFiles;
  readonly use: DatasetUse;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/**
 * Deletes the files of a dataset. Its record and checksum stay, so that whatever was learned from it can be traced.
 * @throws NotFound, DatasetNotReady, DatasetInUse
 */
export const makeDeleteDataset = ({ store, files, use, clock, ids }: Ports) => {
  const removeFiles = (datasetId: string) => files.remove(datasetId, Object.values(DATASET_FILES));

  const decide = async (datasetId: string): Promise<void> => {
    const dataset = await store.getDataset(datasetId);
    // a request that recorded the deletion and was lost before the files went is finished by the next one
    if (dataset.status === 'deleted') await removeFiles(datasetId);
    const change = deleteDataset(dataset, await use.openJobsUsing(datasetId), isoNow(clock));
    await store.commit(datasetWrites(change, ids));
  };

  return async ({ datasetId }: { datasetId: string }): Promise<void> => {
    await retryConflict(clock, () => decide(datasetId));
    await removeFiles(datasetId);
  };
};

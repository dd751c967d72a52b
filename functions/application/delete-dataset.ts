import { deleteDataset } from '#domain/dataset/dataset-change';
import { PreconditionFailed } from '#domain/errors';
import { datasetWrites } from './change-writes.ts';
import { DATASET_FILES } from './dataset-downloads.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface DeleteDatasetInput {
  readonly datasetId: string;
  readonly ifVersion?: number | undefined;
}

interface Ports {
  readonly store: TenantStore;
  readonly files: DatasetFiles;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/**
 * Deletes the files of a dataset. Its record and checksum stay, so that whatever was learned from it can be traced.
 * @throws NotFound, PreconditionFailed, DatasetNotReady, DatasetInUse
 */
export const makeDeleteDataset = ({ store, files, clock, ids }: Ports) => {
  const removeFiles = (datasetId: string) => files.remove(datasetId, Object.values(DATASET_FILES));

  const decide = async ({ datasetId, ifVersion }: DeleteDatasetInput): Promise<void> => {
    const dataset = await store.getDataset(datasetId);
    if (ifVersion !== undefined && ifVersion !== dataset.version) throw new PreconditionFailed(dataset.version);
    // a request that recorded the deletion and was lost before the files went is finished by the next one
    if (dataset.status === 'deleted') await removeFiles(datasetId);
    const change = deleteDataset(dataset, await store.listDatasetUsers(datasetId), isoNow(clock));
    await store.commit(datasetWrites(change, ids));
  };

  return async (input: DeleteDatasetInput): Promise<void> => {
    await retryConflict(clock, () => decide(input));
    await removeFiles(input.datasetId);
  };
};

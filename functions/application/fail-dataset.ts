import type { Dataset } from '#domain/dataset/dataset';
import { failDataset } from '#domain/dataset/dataset-change';
import { datasetWrites } from './change-writes.ts';
import { makeEndBuild } from './end-build.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { DatasetFiles } from './ports/dataset-files.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

interface Ports {
  readonly store: TenantStore;
  readonly files: DatasetFiles;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

/** Record Failure: the build broke, and the dataset ends with the reason, unless it has ended already. Answers how it ended. */
export const makeFailDataset = ({ store, files, clock, ids }: Ports) => {
  const decide = async ({ datasetId, failure }: { datasetId: string; failure: string }): Promise<Dataset> => {
    const dataset = await store.getDataset(datasetId);
    if (dataset.status !== 'building') return dataset;
    const error = { code: 'DATASET_BUILD_FAILED', message: `the build failed: ${failure}`.slice(0, 1000) };
    const change = failDataset(dataset, error, isoNow(clock), await store.listDatasetUsers(datasetId));
    await store.commit(datasetWrites(change, ids));
    return change.after;
  };
  return async (input: { datasetId: string; failure: string }): Promise<Pick<Dataset, 'status' | 'error'>> => {
    const { status, error } = await retryConflict(clock, () => decide(input));
    await makeEndBuild({ store, files })(input.datasetId);
    return { status, error };
  };
};

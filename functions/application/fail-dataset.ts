import { type BrokenStep, brokenStepText } from '#domain/broken-step';
import type { Dataset } from '#domain/dataset/dataset';
import { failDataset } from '#domain/dataset/dataset-change';
import { isBuiltBy } from '#domain/dataset/recover-build';
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

interface Failure {
  readonly datasetId: string;
  /** Of the execution that says so. */
  readonly run?: number | undefined;
  readonly failure: BrokenStep;
}

/**
 * Record Failure: the build broke, and the dataset ends with the reason, unless it has ended already or another execution builds it.
 * Answers how it stands.
 */
export const makeFailDataset = ({ store, files, clock, ids }: Ports) => {
  const decide = async ({ datasetId, run, failure }: Failure): Promise<Dataset> => {
    const dataset = await store.getDataset(datasetId);
    if (dataset.status !== 'building' || !isBuiltBy(dataset, run)) return dataset;
    const error = {
      code: 'DATASET_BUILD_FAILED',
      message: `the build failed: ${brokenStepText(failure)}`.slice(0, 1000),
    };
    const change = failDataset(dataset, error, isoNow(clock), await store.listDatasetUsers(datasetId));
    await store.commit(datasetWrites(change, ids));
    return change.after;
  };
  return async (input: Failure): Promise<Pick<Dataset, 'status' | 'error'>> => {
    const { status, error } = await retryConflict(clock, () => decide(input));
    if (status !== 'building') await makeEndBuild({ store, files })(input.datasetId);
    return { status, error };
  };
};

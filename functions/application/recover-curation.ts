import { buildRunOf, recoverBuild } from '#domain/dataset/recover-build';
import { datasetWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

/** What became of a dataset whose execution was said to be lost; `orphaned`: it was given up. */
export type RecoveredCuration = 'recovered' | 'orphaned' | 'settled';

/**
 * Starts a new execution of a build whose execution is lost; it reads on from where the build stands. One that is lost again and again
 * without progress ends the dataset with the reason. About an execution that does not build it any more nothing is done.
 */
export const makeRecoverCuration = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ datasetId, run }: { datasetId: string; run: number }): Promise<RecoveredCuration> => {
    const dataset = await store.getDataset(datasetId);
    if (dataset.status !== 'building' || buildRunOf(dataset) !== run) return 'settled';
    const build = await store.findDatasetBuild(datasetId);
    const waitingJobs = await store.listDatasetUsers(datasetId);
    const { change, isGivenUp } = recoverBuild(dataset, build, { at: isoNow(clock), waitingJobs });
    await store.commit(datasetWrites(change, ids));
    return isGivenUp ? 'orphaned' : 'recovered';
  };
  return (input: { datasetId: string; run: number }): Promise<RecoveredCuration> =>
    retryConflict(clock, () => decide(input));
};

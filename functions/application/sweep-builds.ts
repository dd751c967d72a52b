import { buildRunOf } from '#domain/dataset/recover-build';
import { progressOf, standsStill, watchFrom } from '#domain/dataset/watch-build';
import { makeRecoverCuration, type RecoveredCuration } from './recover-curation.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 200;

/** What one pass did: datasets by what became of them, `building` those that get on. */
export type BuildSweep = Readonly<Record<RecoveredCuration | 'building', number>>;

/** Looks at builds whose time to be looked at has come: one that has come no further since the last look has lost its execution. */
export const makeSweepBuilds = ({ due, storeOf, clock, ids }: SweepPorts) => {
  const look = async (tenantId: string, datasetId: string): Promise<keyof BuildSweep> => {
    const store = storeOf(tenantId);
    const dataset = await store.getDataset(datasetId);
    if (dataset.status !== 'building') return 'settled';
    const build = await store.findDatasetBuild(datasetId);
    if (standsStill(dataset, build))
      return makeRecoverCuration({ store, clock, ids })({ datasetId, run: buildRunOf(dataset) });
    const after = { ...dataset, watch: watchFrom(progressOf(build), clock.now()) };
    await store.commit([{ kind: 'dataset', before: dataset, after }]);
    return 'building';
  };

  return async (): Promise<BuildSweep> => {
    const counts = { recovered: 0, orphaned: 0, settled: 0, building: 0 };
    const found = await due.dueBuilds(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, datasetId }) => {
      counts[await look(tenantId, datasetId)]++;
    });
    return counts;
  };
};

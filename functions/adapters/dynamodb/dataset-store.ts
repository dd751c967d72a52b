import type { DatasetStore } from '#application/ports/tenant-store';
import type { Dataset, DatasetBuild } from '#domain/dataset/dataset';
import { NotFound } from '#domain/errors';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** What an earlier version stored: the number of parts, which were named by their place. */
interface CountedBuild extends Omit<DatasetBuild, 'parts'> {
  readonly parts: number;
}

const OLD_DIGITS = 5;
const oldName = (_: unknown, index: number) => `part-${String(index + 1).padStart(OLD_DIGITS, '0')}`;

const named = (build: DatasetBuild | CountedBuild): DatasetBuild => {
  const { parts } = build;
  return { ...build, parts: typeof parts === 'number' ? Array.from({ length: parts }, oldName) : parts };
};

/** Datasets of one tenant and how far their builds have come. */
export const makeDatasetStore = (engine: ItemEngine, tenantId: string): DatasetStore => {
  const find = finderOn(engine);

  return {
    async getDataset(id) {
      const dataset = await find<Dataset>(keys.datasetKey(tenantId, id), 'dataset');
      if (dataset === undefined) throw new NotFound('dataset');
      return dataset;
    },
    async findDatasetBuild(id) {
      const build = await find<DatasetBuild | CountedBuild>(keys.datasetBuildKey(tenantId, id), 'dataset-build');
      return build && named(build);
    },

    async listDatasets({ limit, after }) {
      const pk = keys.datasetsByTime(tenantId);
      const found = await engine.query({ index: 'gsi1', pk, after, descending: true, limit });
      const items = (await engine.getMany(found)).map((item) => entityOf<Dataset>(item, 'dataset') as Dataset);
      return { items, next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined) };
    },
  };
};

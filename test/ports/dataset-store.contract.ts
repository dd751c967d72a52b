import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { TenantStore } from '#application/ports/tenant-store';
import { type DatasetBuild, NO_COUNTS } from '#domain/dataset/dataset';
import { NotFound } from '#domain/errors';
import { aDataset } from '#test/support/a-dataset';
import { distinctDiff, goodSession, idOf } from '#test/support/curation-world';

const aBuild = (fields: Partial<DatasetBuild> = {}): DatasetBuild => ({
  datasetId: 'DATASET',
  parts: [],
  isRead: false,
  counts: NO_COUNTS,
  revision: 0,
  ...fields,
});

/** What the store of datasets must do on every engine. `makeEngine` answers an empty one. */
export const datasetStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  const twoStores = async (): Promise<[TenantStore, TenantStore]> => {
    const engine = await makeEngine();
    return [makeTenantStore(engine, 'A'), makeTenantStore(engine, 'B')];
  };

  describe('datasets', () => {
    it('come back as they were, and only to their tenant', async () => {
      const [a, b] = await twoStores();
      await a.commit([{ kind: 'dataset', before: null, after: aDataset() }]);
      expect(await a.getDataset('DATASET')).toEqual(aDataset({ revision: 1 }));
      await expect(b.getDataset('DATASET')).rejects.toThrow(NotFound);
      expect((await b.listDatasets({ limit: 10 })).items).toEqual([]);
    });

    it('change only as they were seen', async () => {
      const [a] = await twoStores();
      await a.commit([{ kind: 'dataset', before: null, after: aDataset() }]);
      const before = await a.getDataset('DATASET');
      const after = { ...before, status: 'empty' as const };
      await a.commit([{ kind: 'dataset', before, after }]);
      await expect(a.commit([{ kind: 'dataset', before, after }])).rejects.toMatchObject({ what: 'dataset' });
      expect(await a.getDataset('DATASET')).toMatchObject({ status: 'empty', revision: 2 });
    });

    it('are listed newest first, page by page', async () => {
      const [a] = await twoStores();
      for (const id of ['01', '02', '03']) await a.commit([{ kind: 'dataset', before: null, after: aDataset({ id }) }]);
      const first = await a.listDatasets({ limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual(['03', '02']);
      const second = await a.listDatasets({ limit: 2, after: first.next });
      expect(second.items.map(({ id }) => id)).toEqual(['01']);
      expect(second.next).toBeUndefined();
    });
  });

  describe('the build of a dataset', () => {
    it('goes on from where it was seen, and ends once', async () => {
      const [a, b] = await twoStores();
      expect(await a.findDatasetBuild('DATASET')).toBeUndefined();
      await a.commit([{ kind: 'dataset-build', before: null, after: aBuild() }]);
      const seen = (await a.findDatasetBuild('DATASET')) ?? expect.fail();
      const next = aBuild({ after: 'S1', parts: ['part-00001-1-A'] });
      await a.commit([{ kind: 'dataset-build', before: seen, after: next }]);
      const lost = { what: 'dataset-build' };
      await expect(a.commit([{ kind: 'dataset-build', before: seen, after: next }])).rejects.toMatchObject(lost);
      await expect(a.commit([{ kind: 'dataset-build-removed', build: seen }])).rejects.toMatchObject(lost);
      const newest = (await a.findDatasetBuild('DATASET')) ?? expect.fail();
      expect(newest).toMatchObject({ after: 'S1', parts: ['part-00001-1-A'] });
      expect(await b.findDatasetBuild('DATASET')).toBeUndefined();
      await a.commit([{ kind: 'dataset-build-removed', build: newest }]);
      expect(await a.findDatasetBuild('DATASET')).toBeUndefined();
    });
  });

  describe('what sessions were given and handed back', () => {
    it('is found for many at a time, as far as it is there, and only for their tenant', async () => {
      const [a, b] = await twoStores();
      const sessions = Array.from({ length: 30 }, (_, index) => ({ id: idOf(index), attempt: 1 }));
      for (const index of sessions.keys()) await a.commit(goodSession(index, index === 7 ? { diff: '' } : {}));
      const works = await a.findWorks([...sessions, { id: 'UNKNOWN', attempt: 1 }]);
      expect(works.size).toBe(30);
      expect(works.get(idOf(29))).toMatchObject({
        ...{ input: { prompt: 'Task 29.' }, agentId: 'AGENT', result: { status: 'completed' } },
        diff: distinctDiff(29),
      });
      expect(works.get(idOf(7))).not.toHaveProperty('diff');
      expect((await a.findWorks([{ id: idOf(1), attempt: 2 }])).get(idOf(1))).not.toHaveProperty('result');
      expect((await b.findWorks(sessions)).size).toBe(0);
    });
  });
};

import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeListDatasets } from '#application/list-datasets';
import type { Dataset } from '#domain/dataset/dataset';
import { aDataset } from '#test/support/a-dataset';
import { idOf } from '#test/support/curation-world';

/** A tenant with so many datasets, each of the status that is said of its number. */
const listOf = async (count: number, statusOf: (index: number) => Dataset['status']) => {
  const store = makeTenantStore(makeMemoryEngine(), 'A');
  for (let index = 0; index < count; index++)
    await store.commit([
      { kind: 'dataset', before: null, after: aDataset({ id: idOf(index), status: statusOf(index) }) },
    ]);
  return makeListDatasets({ store });
};

/** Ids of all pages, and how many pages there were. */
const walk = async (
  list: Awaited<ReturnType<typeof listOf>>,
  limit: number,
  filter: Parameters<Awaited<ReturnType<typeof listOf>>>[0] = {},
) => {
  const pages: string[][] = [];
  for (let after: string | undefined; ; ) {
    const { items, next } = await list(filter, { limit, after });
    pages.push(items.map(({ id }) => id));
    after = next;
    if (after === undefined) return { pages: pages.length, ids: pages.flat() };
  }
};

describe('the list of datasets', () => {
  it.each([20, 50, 100])('yields each once, newest first, in pages of %i', async (limit) => {
    const list = await listOf(150, () => 'ready');
    const ids = Array.from({ length: 150 }, (_, index) => idOf(149 - index));
    expect(await walk(list, limit)).toEqual({ pages: Math.ceil(150 / limit), ids });
  });

  it('leaves deleted ones out unless they are asked for', async () => {
    const list = await listOf(150, (index) => (index % 3 === 0 ? 'deleted' : 'ready'));
    expect((await walk(list, 100)).ids).toHaveLength(100);
    expect((await walk(list, 20, { statuses: ['deleted'] })).ids).toHaveLength(50);
  });

  it('looks at a bounded number of them at a time, however few a filter admits', async () => {
    const list = await listOf(620, (index) => (index === 0 ? 'failed' : 'ready'));
    const first = await list({ statuses: ['failed'] }, { limit: 20 });
    expect(first).toEqual({ items: [], next: idOf(120) });
    expect(await walk(list, 20, { statuses: ['failed'] })).toEqual({ pages: 2, ids: [idOf(0)] });
  });
});

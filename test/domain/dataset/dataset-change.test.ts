import { describe, expect, it } from 'vitest';
import { DATASET_STATUSES, type Dataset, type DatasetStatus, NO_COUNTS } from '#domain/dataset/dataset';
import {
  completeDataset,
  createDataset,
  type DatasetChange,
  deleteDataset,
  emptyDataset,
  failDataset,
} from '#domain/dataset/dataset-change';
import { DatasetInUse, DatasetNotReady } from '#domain/dataset/errors';
import { NotFound } from '#domain/errors';
import { aDataset } from '#test/support/a-dataset';
import { NOON } from '#test/support/a-session';

const LATER = '2026-05-04T12:10:00.000Z';
const counts = { ...NO_COUNTS, scanned: 12, belowThreshold: 2, samples: 10, train: 9, eval: 1 };
const built = {
  counts,
  tokens: { train: 90, eval: 10 },
  bytes: { train: 900, eval: 100 },
  sha256: 'abc',
  redactionRules: { email: 1 },
  simulated: true,
};

const actions: Readonly<Record<string, (dataset: Dataset) => DatasetChange>> = {
  ready: (dataset) => completeDataset(dataset, built, LATER, []),
  empty: (dataset) => emptyDataset(dataset, counts, LATER, []),
  failed: (dataset) => failDataset(dataset, { code: 'STORAGE', message: 'no' }, LATER, []),
  deleted: (dataset) => deleteDataset(dataset, [], LATER),
};

const legal: Readonly<Record<DatasetStatus, readonly string[]>> = {
  building: ['ready', 'empty', 'failed'],
  ready: ['deleted'],
  empty: ['deleted'],
  failed: ['deleted'],
  deleted: [],
};

describe('a dataset', () => {
  it('begins to be built with the event that announces it', () => {
    const { tenantId, id, name, filters, split, includeTranscripts, createdBy } = aDataset();
    const fields = { tenantId, id, name, filters, split, includeTranscripts, createdBy };
    const { before, after, events } = createDataset(fields, 1, NOON);
    expect(before).toBeNull();
    expect(after).toEqual({ ...aDataset(), watch: { dueAt: '2026-05-04T14:00:00.000Z', seen: 0 } });
    expect(events).toEqual([
      {
        stream: 'dataset:DATASET',
        seq: 1,
        type: 'dataset.created',
        payload: { dataset_id: 'DATASET', status: 'building' },
        timestamp: NOON,
        internal: { consumers: ['start-execution'], curation: 'DATASET' },
      },
    ]);
  });

  const pairs = DATASET_STATUSES.flatMap((from) => Object.keys(actions).map((to) => [from, to] as const));
  it.each(pairs)('%s → %s as the table of moves says', (from, to) => {
    const dataset = aDataset({ status: from, version: 4 });
    const act = () => actions[to]?.(dataset);
    if (!legal[from].includes(to))
      return expect(act).toThrow(from === 'deleted' && to === 'deleted' ? NotFound : DatasetNotReady);
    expect(act()).toMatchObject({
      before: dataset,
      after: { status: to, version: 5, updatedAt: LATER },
      events: [{ seq: 5 }],
    });
  });

  it('is ready with what was written, and says so with counts and checksum', () => {
    const { after, events } = completeDataset(aDataset(), built, LATER, []);
    expect(after).toMatchObject({ ...built, readyAt: LATER });
    expect(events[0]).toMatchObject({
      type: 'dataset.ready',
      payload: { status: 'ready', sha256: 'abc', counts: { below_threshold: 2, near_duplicates: 0, train: 9 } },
    });
  });

  it('that is empty or failed tells whoever waits that it will never be ready, and why', () => {
    expect(emptyDataset(aDataset(), counts, LATER, []).events[0]).toMatchObject({
      type: 'dataset.failed',
      payload: { status: 'empty', counts: { scanned: 12 }, error: { code: 'DATASET_EMPTY' } },
    });
    const error = { code: 'STORAGE', message: 'no' };
    const { after, events } = failDataset(aDataset(), error, LATER, []);
    expect(after.error).toEqual(error);
    expect(events[0]).toMatchObject({ type: 'dataset.failed', payload: { status: 'failed', error } });
  });

  it('wakes the training jobs that wait for it, however its build ends', () => {
    const error = { code: 'STORAGE', message: 'no' };
    const changes = [
      completeDataset(aDataset(), built, LATER, ['JOB']),
      emptyDataset(aDataset(), counts, LATER, ['JOB']),
      failDataset(aDataset(), error, LATER, ['JOB']),
    ];
    for (const { events } of changes) expect(events[0]?.internal).toEqual({ consumers: ['wake'], wakeJobs: ['JOB'] });
    expect(failDataset(aDataset(), error, LATER, []).events[0]).not.toHaveProperty('internal');
  });

  it('keeps its record and checksum when it is deleted, and is not deleted while an open job uses it', () => {
    const ready = aDataset({ status: 'ready', sha256: 'abc' });
    expect(deleteDataset(ready, [], LATER).after).toMatchObject({ sha256: 'abc', status: 'deleted' });
    expect(() => deleteDataset(ready, ['JOB'], LATER)).toThrow(new DatasetInUse(['JOB']));
  });
});

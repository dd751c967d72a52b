import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeListTrainingJobs, type TrainingFilter } from '#application/list-training-jobs';
import { createTrainingJob } from '#domain/training-job/create-job';
import { TRAINING_STATUSES } from '#domain/training-job/status';
import { PROVIDERS, type TrainingJob } from '#domain/training-job/training-job';
import { NOON } from '#test/support/a-session';

const BASES = ['acme/base', 'acme/large'];
const NAMES = ['coder', 'reviewer', 'writer'];

/** Jobs of every kind, with others between them. */
const jobs = (count: number): TrainingJob[] =>
  Array.from({ length: count }, (_, index) => {
    const [baseModel = '', targetModelName = ''] = [BASES[index % 2], NAMES[index % 3]];
    const provider = PROVIDERS[index % 5 === 0 ? 1 : 0];
    const fields = { baseModel, targetModelName, provider, modelVersion: `1.0.${index}`, createdBy: 'USER' };
    const id = `JOB-${String(index).padStart(5, '0')}`;
    const { after } = createTrainingJob({ ...fields, tenantId: 'A', id, datasetId: 'D', isGated: true }, NOON);
    return { ...after, status: TRAINING_STATUSES[index % TRAINING_STATUSES.length] ?? 'pending' };
  });

const aList = async (count: number) => {
  const store = makeTenantStore(makeMemoryEngine(), 'A');
  const all = jobs(count);
  for (const job of all) await store.commit([{ kind: 'training-job', before: null, after: job }]);
  const list = makeListTrainingJobs({ store });
  const pages = async (filter: TrainingFilter, limit: number) => {
    const found: string[][] = [];
    for (let after: string | undefined, isMore = true; isMore; ) {
      const page = await list({ filter, limit, after });
      found.push(page.items.map(({ job }) => job.id));
      after = page.next;
      isMore = after !== undefined;
    }
    return found;
  };
  return { all, list, pages };
};

const some = <T>(...values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const filters = fc.record({
  statuses: some(...TRAINING_STATUSES),
  baseModels: some(...BASES),
  targetModelNames: some(...NAMES),
  providers: some(...PROVIDERS),
});

describe('the list of training jobs', () => {
  it('has each job that every filter admits once, newest first, whatever the page size', async () => {
    const { all, pages } = await aList(60);
    const admits = <T>(values: readonly T[] | undefined, value: T) => values === undefined || values.includes(value);
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 70 }), async (filter, limit) => {
        const expected = all.filter(
          ({ status, baseModel, targetModelName, provider }) =>
            admits(filter.statuses, status) &&
            admits(filter.baseModels, baseModel) &&
            admits(filter.targetModelNames, targetModelName) &&
            admits(filter.providers, provider),
        );
        const found = await pages(filter, limit);
        expect(found.flat()).toEqual(expected.map(({ id }) => id).toReversed());
        expect(found.every(({ length }) => length <= limit)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('looks at a bounded number of jobs at a time, however few a filter admits', async () => {
    const { list, pages } = await aList(520);
    const none = { baseModels: ['nobody/has-it'] };
    expect(await list({ filter: none, limit: 20 })).toEqual({ items: [], next: 'JOB-00020' });
    expect(await pages(none, 20)).toEqual([[], []]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { makeCreateTrainingJob } from '#application/create-training-job';
import { makeRetryTrainingJob } from '#application/retry-training-job';
import { makeStartTrainingJob } from '#application/start-training-job';
import { DatasetInUse } from '#domain/dataset/errors';
import { DatasetUnusable } from '#domain/training-job/dataset-facts';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import { aDataset } from '#test/support/a-dataset';
import { aNewTraining } from '#test/support/a-training-job';
import { aCuration } from '#test/support/curation-world';

/** A dataset that is enough to train with, and whoever may use or delete it. */
const aUsedDataset = async () => {
  const curation = await aCuration();
  const { store } = curation;
  const counts = { ...aDataset().counts, samples: 100, train: 90, eval: 10 };
  const dataset = aDataset({ id: 'DATASET', tenantId: 'A', status: 'ready', sha256: 'x', counts });
  await store.commit([{ kind: 'dataset', before: null, after: dataset }]);
  const create = makeCreateTrainingJob({ ...curation, prices: STAGE_PRICES });
  const withDataset = { ...aNewTraining().fields, datasetId: 'DATASET' };
  const { job: pending } = await create(aNewTraining());
  const start = makeStartTrainingJob(curation);
  return {
    ...curation,
    pending,
    uses: {
      starts: () => start({ jobId: pending.id, datasetId: 'DATASET' }),
      'is created': () => create(aNewTraining({ fields: withDataset })),
      'is created and starts': () => create(aNewTraining({ fields: withDataset, autoStart: true })),
    },
    remove: () => curation.deleteDataset({ datasetId: 'DATASET' }),
    retry: makeRetryTrainingJob(curation),
    create,
    withDataset,
  };
};

describe('a dataset that is deleted while a job', () => {
  const KINDS = ['starts', 'is created', 'is created and starts'] as const;
  let world: Awaited<ReturnType<typeof aUsedDataset>>;
  beforeEach(async () => {
    world = await aUsedDataset();
  });

  it.each(KINDS)('%s with it stays, when the job is first', async (kind) => {
    world.engine.before('dataset', async () => {
      await world.uses[kind]();
    });
    await expect(world.remove()).rejects.toThrow(DatasetInUse);
    expect((await world.store.getDataset('DATASET')).status).toBe('ready');
    expect(await world.store.listDatasetUsers('DATASET')).toHaveLength(1);
  });

  it.each(KINDS)('%s with it is used by nobody, when the deletion is first', async (kind) => {
    world.engine.before('dataset', world.remove);
    await expect(world.uses[kind]()).rejects.toThrow(DatasetUnusable);
    expect((await world.store.getDataset('DATASET')).status).toBe('deleted');
    expect(await world.store.listDatasetUsers('DATASET')).toEqual([]);
    expect((await world.store.getTrainingJob(world.pending.id)).status).toBe('pending');
  });

  it.each(['the job', 'the deletion'])(
    'is tried again has no user that it does not know of, when %s is first',
    async (first) => {
      const { create, store, engine, remove, retry, withDataset } = world;
      const { job } = await create(aNewTraining({ fields: withDataset }));
      await store.commit([
        { kind: 'training-job', before: job, after: { ...job, status: 'cancelled', version: job.version + 1 } },
        { kind: 'dataset-use-removed', datasetId: 'DATASET', jobId: job.id },
        { kind: 'version-claim-removed', modelName: job.targetModelName, version: job.modelVersion, jobId: job.id },
      ]);
      const isJobFirst = first === 'the job';
      engine.before('dataset', isJobFirst ? () => retry({ jobId: job.id }) : remove);
      if (isJobFirst) await expect(remove()).rejects.toThrow(DatasetInUse);
      else await retry({ jobId: job.id });
      const { status } = await store.getDataset('DATASET');
      const users = await store.listDatasetUsers('DATASET');
      expect([status, users]).toEqual(isJobFirst ? ['ready', [job.id]] : ['deleted', []]);
    },
  );
});

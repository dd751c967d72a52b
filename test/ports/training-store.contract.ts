import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import { createTrainingJob } from '#domain/training-job/create-job';
import type { TrainingJob, TrainingLive } from '#domain/training-job/training-job';
import type { JobWait } from '#domain/training-job/wait';
import { NOON } from '#test/support/a-session';
import { aTrainingInput } from '#test/support/a-training-job';

const aJob = (id: string): TrainingJob =>
  createTrainingJob(
    {
      tenantId: 'A',
      id,
      baseModel: 'acme/base',
      targetModelName: 'coder',
      modelVersion: '1.0.0',
      datasetId: 'DATASET',
      provider: 'simulated',
      isGated: true,
      createdBy: 'USER',
    },
    NOON,
  ).after;

const aLive = (jobId: string, fields: Partial<TrainingLive> = {}): TrainingLive => ({
  jobId,
  attempt: 1,
  estimate: {
    tokens: 1,
    seconds: null,
    expectedUsd: 0,
    maxUsd: 0,
    evaluationMaxUsd: 0,
    priceTableVersion: 'p',
    asOf: 'd',
    simulated: true,
  },
  revision: 0,
  ...fields,
});

const aWait = (fields: Partial<JobWait> = {}): JobWait => ({
  jobId: 'JOB',
  attempt: 1,
  state: 'train-model',
  taskToken: 'one',
  since: NOON,
  ...fields,
});

const aPoint = (step: number) => ({ step, epoch: 0, trainLoss: 1, tokensProcessed: step, at: NOON });

/** What the store of training jobs must do on every engine. `makeEngine` answers an empty one. */
export const trainingStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  const twoStores = async () => {
    const engine = await makeEngine();
    return { engine, a: makeTenantStore(engine, 'A'), b: makeTenantStore(engine, 'B') };
  };

  describe('training jobs', () => {
    it('come back as they were, and only to their tenant', async () => {
      const { a, b } = await twoStores();
      const input = aTrainingInput();
      await a.commit([
        { kind: 'training-job', before: null, after: aJob('JOB') },
        { kind: 'training-input', jobId: 'JOB', input },
        { kind: 'training-live', before: null, after: aLive('JOB') },
      ]);
      expect(await a.getTrainingJob('JOB')).toEqual(aJob('JOB'));
      expect(await a.findTrainingInput('JOB')).toEqual(input);
      expect(await a.findTrainingLive('JOB')).toEqual(aLive('JOB', { revision: 1 }));
      expect([...(await a.findTrainingLives(['NONE', 'JOB'])).keys()]).toEqual(['JOB']);
      await expect(b.getTrainingJob('JOB')).rejects.toThrow(NotFound);
      expect(await b.findTrainingLive('JOB')).toBeUndefined();
      expect((await b.listTrainingJobs({ limit: 10 })).items).toEqual([]);
    });

    it('move only from what was seen, head and live values each by themselves', async () => {
      const { a } = await twoStores();
      const before = aJob('JOB');
      await a.commit([
        { kind: 'training-job', before: null, after: before },
        { kind: 'training-live', before: null, after: aLive('JOB') },
      ]);
      const live = (await a.findTrainingLive('JOB')) as TrainingLive;
      await a.commit([{ kind: 'training-live', before: live, after: { ...live, progress: 0.5 } }]);
      const stale = { kind: 'training-live', before: live, after: live } as const;
      await expect(a.commit([stale])).rejects.toThrow(ConcurrentUpdate);
      const after = { ...before, version: 2, status: 'queued' as const };
      await a.commit([{ kind: 'training-job', before, after }]);
      await expect(a.commit([{ kind: 'training-job', before, after }])).rejects.toThrow(ConcurrentUpdate);
      expect(await a.findTrainingLive('JOB')).toMatchObject({ progress: 0.5, revision: 2 });
    });

    it('are listed newest first, a page at a time', async () => {
      const { a } = await twoStores();
      for (const id of ['J1', 'J2', 'J3']) await a.commit([{ kind: 'training-job', before: null, after: aJob(id) }]);
      const first = await a.listTrainingJobs({ limit: 2 });
      const rest = await a.listTrainingJobs({ limit: 2, after: first.next });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(['J3', 'J2', 'J1']);
      expect(rest.next).toBeUndefined();
    });

    it('are due to be looked at until they are not any more', async () => {
      const { engine, a } = await twoStores();
      const due = makeDueWork(engine);
      await a.commit([{ kind: 'training-live', before: null, after: aLive('JOB', { dueAt: NOON }) }]);
      expect(await due.dueTraining(NOON, { limit: 10 })).toEqual({
        items: [{ tenantId: 'A', jobId: 'JOB', dueAt: NOON }],
      });
      expect(await due.dueTraining('2026-01-01T00:00:00.000Z', { limit: 10 })).toEqual({ items: [] });
      const live = (await a.findTrainingLive('JOB')) as TrainingLive;
      await a.commit([{ kind: 'training-live', before: live, after: { ...live, dueAt: undefined } }]);
      expect(await due.dueTraining(NOON, { limit: 10 })).toEqual({ items: [] });
    });

    it('are due longest first, a page at a time', async () => {
      const { engine, a } = await twoStores();
      const due = makeDueWork(engine);
      for (const [index, id] of ['J3', 'J1', 'J2'].entries()) {
        const dueAt = new Date(Date.parse(NOON) - 3000 + 1000 * index).toISOString();
        await a.commit([{ kind: 'training-live', before: null, after: aLive(id, { dueAt }) }]);
      }
      const first = await due.dueTraining(NOON, { limit: 2 });
      const rest = await due.dueTraining(NOON, { limit: 2, after: first.next });
      expect([...first.items, ...rest.items].map(({ jobId }) => jobId)).toEqual(['J3', 'J1', 'J2']);
      expect(rest.next).toBeUndefined();
    });

    it('keep the points of each attempt in the order of their steps', async () => {
      const { a } = await twoStores();
      const put = (attempt: number, ...steps: number[]) =>
        a.commit([{ kind: 'training-points', jobId: 'JOB', attempt, points: steps.map(aPoint) }]);
      await put(1, 20, 100);
      await put(1, 0, 5);
      await put(2, 1);
      expect((await a.listTrainingPoints('JOB', 1)).map(({ step }) => step)).toEqual([0, 5, 20, 100]);
      expect(await a.listTrainingPoints('JOB', 3)).toEqual([]);
      await expect(put(1, 20)).rejects.toThrow(ConcurrentUpdate);
    });

    it('have one wait, the one of the latest attempt', async () => {
      const { a } = await twoStores();
      expect(await a.putJobWait(aWait({ attempt: 2, taskToken: 'two' }))).toBe(true);
      expect(await a.putJobWait(aWait())).toBe(false);
      expect(await a.putJobWait(aWait({ attempt: 2, taskToken: 'three' }))).toBe(true);
      await a.removeJobWait(aWait({ attempt: 2, taskToken: 'two' }));
      expect(await a.findJobWait('JOB')).toMatchObject({ taskToken: 'three' });
      await a.removeJobWait(aWait({ attempt: 2, taskToken: 'three' }));
      expect(await a.findJobWait('JOB')).toBeUndefined();
    });

    it('claim a version once, and give back only their own', async () => {
      const { a, b } = await twoStores();
      const claim = { modelName: 'coder', version: '1.0.0', jobId: 'J1' };
      await a.commit([{ kind: 'version-claim', ...claim }]);
      await expect(a.commit([{ kind: 'version-claim', ...claim, jobId: 'J2' }])).rejects.toThrow(ConcurrentUpdate);
      for (const kind of ['version-claim-kept', 'version-claim-removed'] as const)
        await expect(a.commit([{ kind, ...claim, jobId: 'J2' }])).rejects.toThrow(ConcurrentUpdate);
      await a.commit([{ kind: 'version-claim-kept', ...claim }]);
      expect(await a.listVersionClaims('coder')).toEqual(['1.0.0']);
      expect(await b.listVersionClaims('coder')).toEqual([]);
      await a.commit([{ kind: 'version-claim-removed', ...claim }]);
      expect(await a.listVersionClaims('coder')).toEqual([]);
      await expect(a.commit([{ kind: 'version-claim-kept', ...claim }])).rejects.toThrow(ConcurrentUpdate);
    });

    it('use a dataset until they say that they do not', async () => {
      const { a } = await twoStores();
      const use = (kind: 'dataset-use' | 'dataset-use-removed', jobId: string) =>
        a.commit([{ kind, datasetId: 'DATASET', jobId }]);
      await use('dataset-use', 'J1');
      await use('dataset-use', 'J1');
      await use('dataset-use', 'J2');
      expect(await a.listDatasetUsers('DATASET')).toEqual(['J1', 'J2']);
      await use('dataset-use-removed', 'J1');
      await use('dataset-use-removed', 'J1');
      expect(await a.listDatasetUsers('DATASET')).toEqual(['J2']);
    });
  });
};

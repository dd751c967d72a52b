import { beforeAll, describe, expect, it, vi } from 'vitest';
import { NO_GATE, simulatedAs } from '#test/support/a-training-job';
import type { TrainingWorld } from '#test/support/training-world';
import { aTrainingWorld, loadHandlers, restsIn, statesOf } from './driven-training.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-training.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/eval-items', async () => (await import('./driven-training.ts')).evalItemsOfTheWorld);
vi.mock('#runtime/sagemaker', async () => (await import('./driven-training.ts')).sageMakerOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(loadHandlers);

const MODEL = 'shop-coder';
const versionOf = (world: TrainingWorld, version: string) => world.store.findModelVersion(MODEL, version);

describe('a job whose version is registered', () => {
  it('is complete: a cancel comes too late, and the next job makes the next version', async () => {
    const world = await aTrainingWorld();
    const refusals: unknown[] = [];
    world.inPlaceOf('Settle', async ({ payload }, work) => {
      const { job_id: jobId } = payload as { job_id: string };
      await world.cancelJob({ jobId }).catch((error: unknown) => refusals.push(error));
      return work();
    });
    const job = await world.start();
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
    expect(refusals).toMatchObject([{ code: 'INVALID_TRANSITION' }]);
    const other = await world.start();
    await world.pass(240);
    await restsIn(world, other.id, 'completed');
    expect(other.modelVersion).toBe('1.0.1');
    for (const { id, modelVersion } of [job, other])
      expect(await versionOf(world, modelVersion)).toMatchObject({ jobId: id });
  });

  it('stays complete when what comes after it fails for good, and its execution is green', async () => {
    const world = await aTrainingWorld();
    for (let tries = 0; tries < 7; tries++)
      world.inPlaceOf('Settle', () => Promise.reject(new Error('the registry is away')));
    const job = await world.start();
    await world.pass(300);
    await restsIn(world, job.id, 'completed');
    expect(statesOf(world, job.id).slice(-4)).toEqual([
      'Settle',
      'Record Failure',
      'How Did The Job End?',
      'Training Completed',
    ]);
    await expect(world.retryJob({ jobId: job.id })).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });
});

describe('a job that ends while its version is being registered', () => {
  /** Cancels the job between what Register Model reads and what it commits. */
  const cancelledWithin = async (fields: Parameters<TrainingWorld['start']>[0]) => {
    const world = await aTrainingWorld();
    const job = await world.start(fields);
    const { findModelVersion } = world.store;
    let isCancelled = false;
    world.inPlaceOf('Register Model', async (_call, work) => {
      const spy = vi.spyOn(world.store, 'findModelVersion').mockImplementation(async (...asked) => {
        if (!isCancelled) {
          isCancelled = true;
          await world.cancelJob({ jobId: job.id });
        }
        return findModelVersion(...asked);
      });
      return work().finally(() => spy.mockRestore());
    });
    await world.pass(300);
    expect(isCancelled).toBe(true);
    return { world, job };
  };

  it.each([
    ['compared', {}],
    ['not compared', NO_GATE],
  ])('leaves no version where it is %s, and gives its number back', async (_, fields) => {
    const { world, job } = await cancelledWithin(fields);
    await restsIn(world, job.id, 'cancelled');
    expect(await versionOf(world, '1.0.0')).toBeUndefined();
    expect(await world.store.findModel(MODEL)).toBeUndefined();
    expect(await world.store.listVersionClaims(MODEL)).toEqual([]);
    expect(world.executionOf(job.id).history.status).not.toBe('FAILED');
  });
});

describe('a version that was left behind by a job that has ended otherwise', () => {
  /** The claim of a version is gone although the version is there. */
  const leftBehind = async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(240);
    const claim = { modelName: MODEL, version: '1.0.0', jobId: job.id };
    await world.store.commit([{ kind: 'version-claim-removed', ...claim }]);
    return { world, first: job };
  };

  it('is not given to another job, neither as the next one nor by its name', async () => {
    const { world } = await leftBehind();
    await expect(world.start({ version: '1.0.0' })).rejects.toMatchObject({ code: 'MODEL_VERSION_EXISTS' });
    expect((await world.start()).modelVersion).toBe('1.0.1');
  });

  it('is not taken for the work of a job that made another one', async () => {
    const { world, first } = await leftBehind();
    vi.spyOn(world.store, 'findModelVersion').mockResolvedValueOnce(undefined);
    const job = await world.start({ ...simulatedAs({ qualityShift: 0.5 }), version: '1.0.0' });
    await world.pass(300);
    expect(await world.store.getTrainingJob(job.id)).toMatchObject({
      status: 'failed',
      error: { code: 'MODEL_VERSION_EXISTS', message: expect.stringContaining(first.id) },
    });
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'FAILED', error: 'MODEL_VERSION_EXISTS' });
    await restsIn(world, job.id, 'failed');
    await expect(world.retryJob({ jobId: job.id })).rejects.toMatchObject({ code: 'MODEL_VERSION_EXISTS' });
    expect(await versionOf(world, '1.0.0')).toMatchObject({ jobId: first.id });
  });
});

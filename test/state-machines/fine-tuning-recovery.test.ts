import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { TrainingProvider } from '#application/ports/training-provider';
import { simulatedAs } from '#test/support/a-training-job';
import { aTrainingWorld, loadHandlers, restsIn, statesOf, statusesOf } from './driven-training.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-training.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/eval-items', async () => (await import('./driven-training.ts')).evalItemsOfTheWorld);
vi.mock('#runtime/sagemaker', async () => (await import('./driven-training.ts')).sageMakerOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(loadHandlers);

/** A provider that remembers which trainings it was asked to begin and to stop. */
const aWatchedProvider = (more: Partial<TrainingProvider> = {}) => {
  const begun: string[] = [];
  const stopped: string[] = [];
  const provider = (simulated: TrainingProvider): TrainingProvider => ({
    ...simulated,
    start: async (job) => {
      begun.push(simulated.nameOf(job));
      return simulated.start(job);
    },
    cancel: async (id) => stopped.push(id) > 0,
    ...more,
  });
  return { begun, stopped, provider };
};

const stop = (world: Awaited<ReturnType<typeof aTrainingWorld>>, jobId: string, run = 1) =>
  world.executionOf(jobId, 1, run).stop('Curious', 'somebody stopped it in the console');

describe('a training whose execution is stopped in the console', () => {
  it('while it is trained goes on in the next one, and is trained once', async () => {
    const { begun, stopped, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    const job = await world.start();
    await world.pass(0);
    expect(statesOf(world, job.id).at(-1)).toBe('Train Model');
    stop(world, job.id);
    await world.settle();
    expect((await world.store.getTrainingJob(job.id)).run).toBe(2);
    await world.pass(240);
    expect(world.executionOf(job.id, 1, 2).history.status).toBe('SUCCEEDED');
    expect([new Set(begun).size, stopped]).toEqual([1, []]);
    expect(await statusesOf(world, job.id)).toEqual(['queued', 'running', 'evaluating', 'completed']);
    await restsIn(world, job.id, 'completed');
  });

  it('while it waits for its slot keeps its place, and the next one is stopped with the job', async () => {
    const world = await aTrainingWorld({ limit: 0 });
    const job = await world.start();
    expect(statesOf(world, job.id).at(-1)).toBe('Claim Slot');
    stop(world, job.id);
    await world.settle();
    expect(await world.store.findGate('training_jobs')).toMatchObject({ held: 0, waiting: 1 });
    expect(statesOf(world, job.id, 1, 2).at(-1)).toBe('Claim Slot');
    await world.cancelJob({ jobId: job.id });
    await world.settle();
    expect(world.executionOf(job.id, 1, 2).history).toMatchObject({ status: 'ABORTED', error: 'JobEnded' });
    await restsIn(world, job.id, 'cancelled');
  });

  it.each([
    'Curate Dataset',
    'Estimate Cost',
    'Claim Slot',
    'Judge Training',
    'Evaluate Model',
    'Register Model',
    'Settle',
  ])('within %s goes on in the next one', async (state) => {
    const { begun, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    let jobId = '';
    world.inPlaceOf(state, async (_call, step) => {
      jobId = String((_call.payload as { job_id: string }).job_id);
      await step();
      stop(world, jobId);
    });
    const job = await world.start();
    await world.pass(360);
    expect(jobId).toBe(job.id);
    // the job is complete then, and needs no other one
    const isOver = state === 'Register Model' || state === 'Settle';
    expect(world.executionOf(job.id, 1, isOver ? 1 : 2).history.status).toBe(isOver ? 'ABORTED' : 'SUCCEEDED');
    expect(new Set(begun).size).toBe(1);
    await restsIn(world, job.id, 'completed');
  });

  it('goes on some minutes after its wait is over, when nobody was told of the end', async () => {
    const { begun, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    const job = await world.start();
    await world.pass(0);
    world.loseEndOf(job.id);
    stop(world, job.id);
    await world.pass(300);
    expect((await world.store.getTrainingJob(job.id)).status).toBe('evaluating');
    await world.pass(720);
    expect(world.remarks).toEqual([{ tenantId: 'A', jobId: job.id, found: 'recovered' }]);
    expect(world.executionOf(job.id, 1, 2).history.status).toBe('SUCCEEDED');
    expect(new Set(begun).size).toBe(1);
    await restsIn(world, job.id, 'completed');
  });

  it('is given up with the reason when that happens again and again, and its provider is told to stop', async () => {
    const { stopped, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    const job = await world.start(simulatedAs({ trainSeconds: 3600 }));
    await world.pass(0);
    for (const run of [1, 2, 3, 4]) {
      stop(world, job.id, run);
      await world.settle();
    }
    expect(await world.store.getTrainingJob(job.id)).toMatchObject({
      status: 'failed',
      error: { code: 'EXECUTION_LOST' },
    });
    expect(stopped).toHaveLength(1);
    await restsIn(world, job.id, 'failed');
    await world.retryJob({ jobId: job.id });
    await world.startJob({ jobId: job.id });
    await world.pass(60);
    expect(statesOf(world, job.id, 2).at(-1)).toBe('Train Model');
  });

  it('may be cancelled in between', async () => {
    const world = await aTrainingWorld();
    const job = await world.start(simulatedAs({ trainSeconds: 3600 }));
    await world.pass(60);
    stop(world, job.id);
    await world.cancelJob({ jobId: job.id });
    await world.pass(60);
    await restsIn(world, job.id, 'cancelled');
  });
});

describe('an execution that does not drive its job any more', () => {
  it('ends without a change, and the newer one goes on', async () => {
    const { begun, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    const job = await world.start();
    await world.pass(0);
    const wait = await world.store.findJobWait(job.id);
    world.loseEndOf(job.id);
    stop(world, job.id);
    await world.recover({ jobId: job.id, attempt: 1, run: 1 });
    await world.settle();
    const everything = world.everything();
    expect(await world.store.putJobWait({ ...wait, taskToken: 'late' } as never)).toBe(false);
    await world.recover({ jobId: job.id, attempt: 1, run: 1 });
    expect(world.everything()).toEqual(everything);
    await world.pass(240);
    expect(new Set(begun).size).toBe(1);
    await restsIn(world, job.id, 'completed');
  });
});

describe('a training that still runs although its job has ended', () => {
  it('is stopped when the function that began it was killed before it could say so', async () => {
    const { begun, stopped, provider } = aWatchedProvider();
    const world = await aTrainingWorld({ provider });
    const job = await world.start();
    await world.pass(0);
    const live = await world.store.findTrainingLive(job.id);
    if (live === undefined) throw new Error('the job has no live values');
    // the training has begun, and nobody has kept its name
    await world.store.commit([{ kind: 'training-live', before: live, after: { ...live, externalJobId: undefined } }]);
    world.loseEndOf(job.id);
    stop(world, job.id);
    await world.cancelJob({ jobId: job.id });
    await world.pass(420);
    expect((await world.store.getTrainingJob(job.id)).status).toBe('cancelled');
    expect(new Set(stopped)).toEqual(new Set(begun));
    await world.pass(240);
    await restsIn(world, job.id, 'cancelled');
  });

  it('is stopped although the job is tried again meanwhile, and people are told when that takes long', async () => {
    let answers = false;
    const { begun, provider } = aWatchedProvider();
    const stopped: string[] = [];
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...provider(simulated),
        cancel: async (id) => {
          if (!answers) throw new Error('no answer');
          return stopped.push(id) > 0;
        },
      }),
    });
    const job = await world.start(simulatedAs({ trainSeconds: 3600 }));
    await world.pass(60);
    await world.cancelJob({ jobId: job.id });
    await world.pass(420);
    await world.retryJob({ jobId: job.id });
    await world.pass(1800);
    expect(world.remarks.map(({ found }) => found)).toContain('training_not_stopped');
    await world.startJob({ jobId: job.id });
    await world.pass(60);
    answers = true;
    await world.pass(60);
    expect([begun.length, stopped]).toEqual([2, begun.slice(0, 1)]);
    expect((await world.store.findTrainingLive(job.id))?.leftovers).toBeUndefined();
    expect((await world.store.getTrainingJob(job.id)).status).toBe('running');
  });
});

describe('a provider', () => {
  it('that does not answer for ten minutes is told to people, as is a word that nobody knows', async () => {
    let says: 'nothing' | 'unknown' = 'nothing';
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...simulated,
        status: async () => {
          if (says === 'nothing') throw new Error('no answer');
          return { status: says, points: [] };
        },
      }),
    });
    await world.start();
    await world.pass(300);
    expect(world.remarks).toEqual([]);
    await world.pass(480);
    expect(world.remarks.at(-1)?.found).toBe('training_unheard');
    says = 'unknown';
    const before = world.remarks.length;
    await world.pass(60);
    expect(world.remarks.slice(before).map(({ found }) => found)).toEqual(['training_unknown_status']);
  });
});

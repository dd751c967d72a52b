import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makeEvaluateModel } from '#application/evaluate-model';
import { UnreadableOutput } from '#application/ports/training-outputs';
import { ProviderRefused } from '#application/ports/training-provider';
import { anEmpty, NO_GATE, simulatedAs } from '#test/support/a-training-job';
import { killed } from '#test/support/driven-world';
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

const STATES = [
  'Curate Dataset',
  'Estimate Cost',
  'Claim Slot',
  'Train Model',
  'Judge Training',
  'Is The Model Trained?',
  'Evaluate Model',
  'Judge Evaluation',
  'Is It Evaluated?',
  'Register Model',
  'Settle',
  'Training Completed',
];

describe('a plain training', () => {
  it('goes from its start to a version of the model, and its execution is green', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(240);
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'SUCCEEDED', transitions: 12 });
    expect(statesOf(world, job.id)).toEqual(STATES);
    await restsIn(world, job.id, 'completed');
    expect(await statusesOf(world, job.id)).toEqual(['queued', 'running', 'evaluating', 'completed']);
    expect(await world.store.findModelVersion('shop-coder', '1.0.0')).toMatchObject({ jobId: job.id, simulated: true });
    expect(await world.store.findTrainingLive(job.id)).toMatchObject({
      externalJobId: expect.stringMatching(/^sim-/),
      metrics: { finalLoss: expect.any(Number), tokensProcessed: 1_620_000 },
      cost: { usd: 0, source: 'simulated' },
      evaluation: { basis: 'simulated', simulated: true },
    });
    const points = await world.store.listTrainingPoints(job.id, 1);
    expect(points.map(({ step }) => step)).toEqual(
      [...new Set(points.map(({ step }) => step))].toSorted((a, b) => a - b),
    );
    expect(points.length).toBeGreaterThan(50);
    expect(points.length).toBeLessThanOrEqual(102);
  });

  it('takes the same few transitions, for a minute or an hour of training', async () => {
    const counts: number[] = [];
    for (const trainSeconds of [60, 3600]) {
      const world = await aTrainingWorld();
      const job = await world.start(simulatedAs({ trainSeconds }));
      await world.pass(trainSeconds + 180);
      expect(world.executionOf(job.id).history.status).toBe('SUCCEEDED');
      counts.push(world.executionOf(job.id).history.transitions);
    }
    expect(counts).toEqual([12, 12]);
  });

  it('is completed without a comparison where there is no gate', async () => {
    const world = await aTrainingWorld();
    const job = await world.start(NO_GATE);
    await world.pass(240);
    expect(await statusesOf(world, job.id)).toEqual(['queued', 'running', 'completed']);
    expect(statesOf(world, job.id)).not.toContain('Evaluate Model');
    await restsIn(world, job.id, 'completed');
  });

  it('says in every event that it is simulated', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(240);
    const { items } = await world.store.listTrainingEvents(job.id, { afterSeq: 0, limit: 100 });
    expect(items.map(({ type }) => type)).toContain('training_job.evaluated');
    for (const { payload } of items) expect(payload).toMatchObject({ job_id: job.id, simulated: true });
  });

  it('waits for the slot of another one, in order', async () => {
    const world = await aTrainingWorld({ limit: 1 });
    const [one, two] = [await world.start(), await world.start()];
    expect(statesOf(world, two.id).at(-1)).toBe('Claim Slot');
    expect(await world.store.findTrainingLive(two.id)).toMatchObject({ phase: 'waiting_for_slot' });
    await world.pass(120);
    expect((await world.store.getTrainingJob(one.id)).status).toBe('completed');
    expect(statesOf(world, two.id).at(-1)).toBe('Train Model');
    await world.pass(180);
    await restsIn(world, two.id, 'completed');
    expect((await world.store.getTrainingJob(two.id)).modelVersion).toBe('1.0.1');
  });
});

describe('a training that fails', () => {
  it('is red with the reason, and completes as the next attempt once the reason is gone', async () => {
    const world = await aTrainingWorld();
    const job = await world.start(simulatedAs({ failAtProgress: 0.5 }));
    await world.pass(180);
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'FAILED', error: 'SIMULATED_FAILURE' });
    await restsIn(world, job.id, 'failed');
    const kept = await world.store.listTrainingPoints(job.id, 1);
    expect(kept.at(-1)?.step).toBe(169);

    const input = await world.store.findTrainingInput(job.id);
    const item = world.items().find(({ pk, sk }) => pk.endsWith(job.id) && sk === 'INPUT');
    if (input?.simulation === undefined || item === undefined) throw new Error('the job has no simulation');
    const put = { ...item, simulation: { ...input.simulation, failAtProgress: null } };
    await world.engine.transact([{ put, condition: { kind: 'exists' }, what: 'input' }]);
    await world.retryJob({ jobId: job.id });
    await world.startJob({ jobId: job.id });
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
    const { attempt, error } = await world.store.getTrainingJob(job.id);
    expect([attempt, error]).toEqual([2, undefined]);
    expect(await world.store.listTrainingPoints(job.id, 1)).toEqual(kept);
  });

  it('gives its version back, so that another job may make it', async () => {
    const world = await aTrainingWorld();
    const job = await world.start(simulatedAs({ failAtProgress: 0 }));
    await world.pass(120);
    const other = await world.start();
    expect(other.modelVersion).toBe(job.modelVersion);
    await expect(world.retryJob({ jobId: job.id })).rejects.toMatchObject({ code: 'MODEL_VERSION_EXISTS' });
  });

  it('is refused by its provider for good', async () => {
    const world = await aTrainingWorld({
      provider: (simulated) => ({ ...simulated, start: () => Promise.reject(new ProviderRefused('no such model')) }),
    });
    const job = await world.start();
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'FAILED', error: 'TRAINING_REFUSED' });
    await restsIn(world, job.id, 'failed');
  });

  it('is lost by its provider, and noticed when that was so for a minute', async () => {
    const world = await aTrainingWorld({ provider: (simulated) => ({ ...simulated, status: async () => 'missing' }) });
    const job = await world.start();
    await world.pass(60);
    expect((await world.store.getTrainingJob(job.id)).status).toBe('queued');
    await world.pass(60);
    expect(await world.store.getTrainingJob(job.id)).toMatchObject({ error: { code: 'TRAINING_JOB_LOST' } });
    // it is looked for a little longer: what is found again is stopped
    await world.pass(120);
    await restsIn(world, job.id, 'failed');
  });

  it('is waited for while its provider does not answer, and told to stop when its time is over', async () => {
    const cancelled: string[] = [];
    let answers = false;
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...simulated,
        status: (...asked) => (answers ? simulated.status(...asked) : Promise.reject(new Error('no answer'))),
        cancel: async (id) => cancelled.push(id) > 0,
      }),
    });
    const job = await world.start();
    await world.pass(60);
    expect(await world.pollTenant()).toMatchObject({ checkedCount: 1, updatedCount: 0, failedCount: 1 });
    expect((await world.store.getTrainingJob(job.id)).status).toBe('queued');
    world.clock.advance(24 * 3600);
    await world.pass(60);
    expect(await world.store.getTrainingJob(job.id)).toMatchObject({ error: { code: 'TRAINING_TIMEOUT' } });
    expect(new Set(cancelled).size).toBe(1);
    const { leftovers = [] } = (await world.store.findTrainingLive(job.id)) ?? {};
    expect(leftovers).toHaveLength(1);
    answers = true;
    await world.pass(60);
    await restsIn(world, job.id, 'failed');
    const stops = cancelled.length;
    await world.pass(600);
    expect(cancelled).toHaveLength(stops);
  });
});

describe('a dataset that is still built', () => {
  const waiting = async () => {
    const world = await aTrainingWorld();
    const dataset = await world.dataset({ id: 'BUILT', status: 'building', sha256: undefined });
    const job = await world.start({}, 'BUILT');
    expect(statesOf(world, job.id)).toEqual(['Curate Dataset']);
    expect(await world.store.findTrainingLive(job.id)).toMatchObject({ phase: 'waiting_for_dataset' });
    return { world, dataset, job };
  };

  it('is waited for, and trained with when it is ready', async () => {
    const { world, dataset, job } = await waiting();
    const after = { ...(await world.store.getDataset('DATASET')), id: 'BUILT', revision: dataset.revision };
    await world.store.commit([{ kind: 'dataset', before: await world.store.getDataset('BUILT'), after }]);
    await world.pass(300);
    await restsIn(world, job.id, 'completed');
    expect(await world.store.listDatasetUsers('BUILT')).toEqual([]);
  });

  it.each([
    ['DATASET_EMPTY', { status: 'empty' }],
    ['DATASET_NOT_READY', { status: 'failed' }],
    ['DATASET_TOO_SMALL', { status: 'ready', sha256: 'x' }],
  ] as const)('ends its job with %s', async (code, fields) => {
    const { world, job } = await waiting();
    const before = await world.store.getDataset('BUILT');
    await world.store.commit([{ kind: 'dataset', before, after: { ...before, counts: anEmpty, ...fields } }]);
    await world.pass(120);
    expect(await world.store.getTrainingJob(job.id)).toMatchObject({ error: { code } });
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'FAILED', error: code });
    await restsIn(world, job.id, 'failed');
  });

  it('is waited for again by a driver that is woken for nothing', async () => {
    const { world, job } = await waiting();
    const wait = await world.store.findJobWait(job.id);
    await world.tokens.complete(wait?.taskToken ?? '');
    await world.settle();
    expect(statesOf(world, job.id)).toEqual(['Curate Dataset', 'Estimate Cost', 'Curate Dataset']);
    expect(world.executionOf(job.id).history.status).toBe('RUNNING');
  });
});

describe('a cancel', () => {
  it('ends a pending job at once, and one that waits, together with its execution', async () => {
    const world = await aTrainingWorld({ limit: 0 });
    const { job: pending } = await world.createJob(world.newTraining());
    const queued = await world.start();
    for (const { id } of [pending, queued]) {
      await world.cancelJob({ jobId: id });
      const once = world.everything();
      await world.cancelJob({ jobId: id });
      expect(world.everything()).toEqual(once);
      await world.settle();
      expect((await world.store.getTrainingJob(id)).status).toBe('cancelled');
    }
    expect(world.executionOf(queued.id).history).toMatchObject({ status: 'ABORTED', error: 'JobEnded' });
    await restsIn(world, queued.id, 'cancelled');
  });

  it.each([
    ['queued', 0],
    ['running', 10],
  ])('asks the provider of a %s job, and ends it when that has stopped', async (status, seconds) => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(0);
    world.clock.advance(seconds);
    await world.pollTenant();
    expect((await world.store.getTrainingJob(job.id)).status).toBe(status);
    const { job: asked } = await world.cancelJob({ jobId: job.id, reason: 'a better dataset' });
    expect(asked).toMatchObject({ status, cancelReason: 'a better dataset' });
    expect((await world.cancelJob({ jobId: job.id })).job.version).toBe(asked.version);
    await world.settle();
    await restsIn(world, job.id, 'cancelled');
    expect(statesOf(world, job.id).at(-1)).toBe('Settled Elsewhere');
  });

  it('of a training that has ended already leaves no model', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    world.clock.advance(8);
    await world.pollTenant();
    world.clock.advance(1000);
    await world.cancelJob({ jobId: job.id });
    await world.settle();
    await restsIn(world, job.id, 'cancelled');
    expect(await world.store.findModelVersion('shop-coder', '1.0.0')).toBeUndefined();
  });

  it('needs no word of a provider that does not answer for five minutes', async () => {
    let answers = false;
    const stopped: string[] = [];
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...simulated,
        cancel: async (id) => {
          if (!answers) throw new Error('no answer');
          return stopped.push(id) > 0;
        },
      }),
    });
    const job = await world.start(simulatedAs({ trainSeconds: 3600 }));
    await world.pass(60);
    await world.cancelJob({ jobId: job.id });
    await world.pass(240);
    expect((await world.store.getTrainingJob(job.id)).status).toBe('running');
    await world.pass(120);
    expect((await world.store.getTrainingJob(job.id)).status).toBe('cancelled');
    // its training goes on there, and so do the looks at it, until that has stopped, too
    answers = true;
    await world.pass(60);
    expect(stopped).toHaveLength(1);
    await restsIn(world, job.id, 'cancelled');
  });

  it('of a model that is compared ends it at once', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    world.inPlaceOf('Evaluate Model', async () => world.cancelJob({ jobId: job.id }));
    await world.pass(180);
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'ABORTED', error: 'JobEnded' });
    await restsIn(world, job.id, 'cancelled');
  });
});

describe('a token', () => {
  it('changes nothing when it is completed twice', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    await world.pass(240);
    const after = world.everything();
    for (const token of [...world.tokens.completed]) await world.tokens.complete(token);
    await world.wakeJob(job.id);
    await world.settle();
    expect(world.everything()).toEqual(after);
    expect(world.executionOf(job.id).history.transitions).toBe(12);
  });

  it('changes nothing when it is completed although the model is not trained', async () => {
    const world = await aTrainingWorld();
    const job = await world.start();
    const wait = await world.store.findJobWait(job.id);
    await world.tokens.complete(wait?.taskToken ?? '');
    await world.settle();
    expect(statesOf(world, job.id).at(-1)).toBe('Train Model');
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
  });
});

const TASKS = [
  'Curate Dataset',
  'Estimate Cost',
  'Claim Slot',
  'Train Model',
  'Judge Training',
  'Evaluate Model',
  'Judge Evaluation',
  'Register Model',
  'Settle',
];

describe('a step that is killed', () => {
  const kinds = TASKS.flatMap((state) => [
    { state, when: 'before it wrote' as const },
    { state, when: 'after it wrote' as const },
  ]);

  it.each(kinds)('in $state $when is tried again, to the same end, and trains once', async ({ state, when }) => {
    const begun: string[] = [];
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...simulated,
        start: async (job) => {
          const started = await simulated.start(job);
          begun.push(started.externalJobId);
          return started;
        },
      }),
    });
    world.inPlaceOf(state, async (_call, step) => {
      if (when === 'after it wrote') await step();
      throw killed();
    });
    const job = await world.start();
    await world.pass(360);
    expect(world.executionOf(job.id).history.status).toBe('SUCCEEDED');
    await restsIn(world, job.id, 'completed');
    expect(new Set(begun).size).toBe(1);
  });

  it('for good ends the job with the reason, frees its slot and stops its provider', async () => {
    const cancelled: string[] = [];
    const world = await aTrainingWorld({
      provider: (simulated) => ({ ...simulated, cancel: async (id) => cancelled.push(id) > 0 }),
    });
    for (let tries = 0; tries < 7; tries++) world.inPlaceOf('Judge Training', () => Promise.reject(killed()));
    const job = await world.start(simulatedAs({ trainSeconds: 3600 }));
    const wait = await world.store.findJobWait(job.id);
    await world.tokens.complete(wait?.taskToken ?? '');
    await world.pass(180);
    expect(world.executionOf(job.id).history).toMatchObject({
      status: 'FAILED',
      error: 'TRAINING_BROKEN',
      cause: `the job's execution failed: Judge Training: ${killed().name}: ${killed().message}`,
    });
    expect(cancelled).toHaveLength(1);
    await restsIn(world, job.id, 'failed');
  });

  it('that compares fails for good ends the job with that reason, and the next attempt trains again', async () => {
    const begun: string[] = [];
    const world = await aTrainingWorld({
      provider: (simulated) => ({
        ...simulated,
        start: (job) => simulated.start(job).finally(() => begun.push(job.jobId)),
      }),
    });
    for (let tries = 0; tries < 7; tries++)
      world.inPlaceOf('Evaluate Model', () => Promise.reject(new SyntaxError('the eval part is damaged')));
    const job = await world.start();
    await world.pass(300);
    const { error } = await world.store.getTrainingJob(job.id);
    expect(error).toEqual({
      code: 'EVALUATION_FAILED',
      message: 'the comparison of the model broke: Evaluate Model: SyntaxError: the eval part is damaged',
    });
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'FAILED', error: 'EVALUATION_FAILED' });
    await restsIn(world, job.id, 'failed');
    await world.retryJob({ jobId: job.id });
    await world.startJob({ jobId: job.id });
    await world.pass(300);
    expect([begun, (await world.store.getTrainingJob(job.id)).attempt]).toEqual([[job.id, job.id], 2]);
    await restsIn(world, job.id, 'completed');
  });

  it('that compares what cannot be read fails at once, with a sentence', async () => {
    const world = await aTrainingWorld();
    const { store, clock, ids } = world;
    const evaluate = () => Promise.reject(new UnreadableOutput('evaluation.json cannot be read: retry the job'));
    world.inPlaceOf('Evaluate Model', async ({ payload }) => {
      const { job_id: jobId, task_token: taskToken } = payload as { job_id: string; task_token: string };
      const step = { jobId, attempt: 1, run: 1, taskToken };
      await makeEvaluateModel({ store, clock, ids, evaluate, tokens: world.tokens })(step);
    });
    const job = await world.start();
    await world.pass(180);
    expect(world.executionOf(job.id).history).toMatchObject({
      status: 'FAILED',
      error: 'EVALUATION_FAILED',
      cause: 'evaluation.json cannot be read: retry the job',
    });
    await restsIn(world, job.id, 'failed');
  });
});

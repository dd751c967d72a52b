import { beforeAll, describe, expect, it, vi } from 'vitest';
import { makePollNamedTraining, makePollTenantTraining } from '#application/poll-training-jobs';
import type { TrainingInput } from '#domain/training-job/training-job';
import { aProviderJob } from '#test/support/a-provider-job';
import { aNewTraining, aTrainingInput } from '#test/support/a-training-job';
import { aDrivenProvider } from '#test/support/sagemaker/a-driven-provider';
import { type Moment, ServiceError } from '#test/support/sagemaker/training-jobs';
import { aTrainingWorld, loadHandlers, restsIn } from './driven-training.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-training.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/eval-items', async () => (await import('./driven-training.ts')).evalItemsOfTheWorld);
vi.mock('#runtime/sagemaker', async () => (await import('./driven-training.ts')).sageMakerOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(async () => {
  await loadHandlers();
  // the clients load parts of themselves at their first call, which takes more than promises
  const { service, provider } = aDrivenProvider(() => 0);
  service.jobs.script(moment(0, 'Training', line(1)));
  const { externalJobId } = await provider.start(aProviderJob());
  await provider.status(externalJobId, aProviderJob());
});

const line = (step: number, evalLoss = 'nan') =>
  `iorch step=${step} epoch=1 train_loss=${2 - step / 339} eval_loss=${evalLoss} lr=0.00005 tokens=${step * 10}`;

const moment = (after: number, secondary: string, ...log: string[]): Moment => ({
  after,
  status: 'InProgress',
  secondary,
  log,
});

const LIFE: readonly Moment[] = [
  moment(0, 'Starting'),
  moment(70, 'Downloading'),
  moment(130, 'Training', line(113, '1.5')),
  moment(250, 'Training', line(226, '1.3')),
  moment(310, 'Uploading', line(339, '1.25')),
  { after: 370, status: 'Completed', secondary: 'Completed' },
];

const { simulation: _simulation, ...input } = aTrainingInput({ gate: { enabled: false } });

const aStartedJob = async (life: readonly Moment[], failure?: ServiceError) => {
  let clock: { now: () => number } | undefined;
  const driven = aDrivenProvider(() => clock?.now() ?? 0);
  const world = await aTrainingWorld({ provider: () => driven.provider });
  clock = world.clock;
  const { service } = driven;
  service.jobs.now = Math.floor(world.clock.now() / 1000);
  service.jobs.script(...life);
  if (failure) service.failures.push(failure);
  const { fields } = aNewTraining();
  const job = await world.start({ fields: { ...fields, provider: 'sagemaker' }, input: input as TrainingInput });
  const shared = { store: world.store, providers: world.providers, tokens: world.tokens };
  const look = makePollNamedTraining({ ...shared, clock: world.clock, ids: world.ids });
  return {
    world,
    service,
    job,
    look,
    catchUp: driven.catchUp,
    read: () => world.store.getTrainingJob(job.id),
    live: () => world.store.findTrainingLive(job.id),
    /** The bus brings these of the changes so far: each is a look at its job. */
    hear: async (changes = service.jobs.changes) => {
      expect(changes).not.toEqual([]);
      for (const _ of changes) {
        await look(job.id);
        await world.settle();
      }
    },
  };
};

const requestsOf = ({ requests }: { requests: readonly { target: string }[] }, operation: string) =>
  requests.filter(({ target }) => target === `SageMaker.${operation}`);

describe('a training on SageMaker', () => {
  it('goes from its start to a version of the model that is not simulated', async () => {
    const { world, service, job, live } = await aStartedJob(LIFE);
    await world.pass(600);
    await restsIn(world, job.id, 'completed');
    expect(world.executionOf(job.id).history).toMatchObject({ status: 'SUCCEEDED' });
    expect(requestsOf(service, 'CreateTrainingJob')).toHaveLength(1);
    expect(await world.store.listTrainingPoints(job.id, 1)).toMatchObject([
      { step: 113, evalLoss: 1.5 },
      { step: 226, evalLoss: 1.3 },
      { step: 339, evalLoss: 1.25 },
    ]);
    expect(await live()).toMatchObject({
      progress: 1,
      metrics: { finalLoss: 1, evalLoss: 1.25, accuracy: null, tokensProcessed: 3390, trainingDurationSeconds: 240 },
      cost: { billableSeconds: 72, source: 'priced' },
      artifactUri: expect.stringMatching(/^s3:\/\/files\/A\/training\/.+\/model\.tar\.gz$/),
    });
    expect((await live())?.cost?.spotSavings).toBeCloseTo(0.7);
    expect(await world.store.findModelVersion('shop-coder', '1.0.0')).toMatchObject({
      jobId: job.id,
      simulated: false,
    });
  });

  it('fails with the words of the training program', async () => {
    const reason = 'AlgorithmError: The channel train holds no sample: give a dataset that is not empty.';
    const failed = { after: 60, status: 'Failed', secondary: 'Failed', failureReason: reason };
    const { world, job, read } = await aStartedJob([moment(0, 'Starting'), failed]);
    await world.pass(240);
    await restsIn(world, job.id, 'failed');
    expect((await read()).error).toEqual({ code: 'TRAINING_FAILED', message: reason });
  });

  it.each([
    ['ResourceLimitExceeded', "The account-level service limit 'ml.g5.2xlarge for spot training job usage' is 0"],
    ['AccessDeniedException', 'User is not authorized to perform: iam:PassRole'],
  ])('that SageMaker refuses with %s fails at once, with the cause', async (code, message) => {
    const { world, service, job, read } = await aStartedJob(LIFE, new ServiceError(code, message));
    await restsIn(world, job.id, 'failed');
    expect((await read()).error).toMatchObject({ code: 'TRAINING_REFUSED', message: expect.stringContaining(message) });
    await world.pass(240);
    expect(requestsOf(service, 'CreateTrainingJob')).toHaveLength(1);
  });

  it('stays running while its machine is taken away', async () => {
    const { world, read } = await aStartedJob([
      moment(0, 'Training', line(113)),
      moment(100, 'Interrupted'),
      moment(160, 'Restarting'),
      moment(220, 'Starting'),
      moment(280, 'Training', line(226)),
    ]);
    const statuses: string[] = [];
    for (let minute = 0; minute < 6; minute += 1) {
      await world.pass(60);
      statuses.push((await read()).status);
    }
    expect(new Set(statuses)).toEqual(new Set(['running']));
  });

  it('is stopped when its job is cancelled, and confirmed when it has saved its work', async () => {
    const { world, service, job, read } = await aStartedJob([moment(0, 'Training', line(113))]);
    await world.pass(120);
    await world.cancelJob({ jobId: job.id });
    await world.pass(60);
    expect(requestsOf(service, 'StopTrainingJob')).not.toEqual([]);
    expect((await read()).status).toBe('running');
    await world.pass(180);
    await restsIn(world, job.id, 'cancelled');
    expect(service.jobs.list({ StatusEquals: 'InProgress' })).toEqual([]);
  });

  it('that somebody stops in the console is cancelled, and says so', async () => {
    const { world, service, job, read } = await aStartedJob([moment(0, 'Training')]);
    await world.pass(60);
    service.jobs.stop(String(service.jobs.list({})[0]?.TrainingJobName));
    await world.pass(240);
    await restsIn(world, job.id, 'cancelled');
    expect((await read()).error?.code).toBe('STOPPED_EXTERNALLY');
  });

  it.each(['MaxRuntimeExceeded', 'MaxWaitTimeExceeded'])('that ends with %s has timed out', async (secondary) => {
    const { world, job, read } = await aStartedJob([
      moment(0, 'Training'),
      { after: 60, status: 'Stopped', secondary },
    ]);
    await world.pass(240);
    await restsIn(world, job.id, 'failed');
    expect((await read()).error?.code).toBe('TRAINING_TIMEOUT');
  });

  it('that SageMaker loses is lost after two looks', async () => {
    const { world, service, job, read } = await aStartedJob([moment(0, 'Training')]);
    await world.pass(60);
    service.jobs.lose(String(service.jobs.list({})[0]?.TrainingJobName));
    await world.pass(60);
    expect((await read()).status).toBe('running');
    await world.pass(240);
    await restsIn(world, job.id, 'failed');
    expect((await read()).error?.code).toBe('TRAINING_JOB_LOST');
  });

  it('waits for words that it knows', async () => {
    const { world, job, read, look } = await aStartedJob([
      moment(0, 'Training'),
      { after: 100, status: 'Paused', secondary: 'Resting' },
      { after: 300, status: 'Completed', secondary: 'Completed' },
    ]);
    await world.pass(240);
    expect((await read()).status).toBe('running');
    expect(await look(job.id)).toMatchObject({ updatedCount: 0, failedCount: 0, unknownCount: 1 });
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
  });
});

describe("SageMaker's events", () => {
  it('bring a job forward without the clock', async () => {
    const { world, job, hear, catchUp } = await aStartedJob(LIFE);
    world.clock.advance(400);
    catchUp();
    await hear();
    await restsIn(world, job.id, 'completed');
  });

  it('may be looked at by somebody who cannot wake the driver: the clock does', async () => {
    const { world, job, live, catchUp } = await aStartedJob(LIFE);
    world.clock.advance(400);
    catchUp();
    const { store, providers, clock, ids } = world;
    const poll = makePollTenantTraining({ store, providers, clock, ids });
    expect(await poll()).toMatchObject({ checkedCount: 1, updatedCount: 1, failedCount: 0 });
    expect((await live())?.trainedAt).toBeDefined();
    expect(await store.findJobWait(job.id)).toBeDefined();
    await world.pass(60);
    await restsIn(world, job.id, 'completed');
  });

  it('change nothing when they come doubled, late and in another order', async () => {
    const { world, service, job, hear } = await aStartedJob(LIFE);
    await world.pass(600);
    await restsIn(world, job.id, 'completed');
    const before = world.everything();
    await hear([...service.jobs.changes, ...service.jobs.changes.toReversed()]);
    expect(world.everything()).toEqual(before);
  });

  it('of a training that ended and then claims to have failed change nothing', async () => {
    const { world, job, hear } = await aStartedJob([
      moment(0, 'Training', line(339, '1.25')),
      { after: 60, status: 'Completed', secondary: 'Completed' },
      { after: 400, status: 'Failed', secondary: 'Failed', failureReason: 'late' },
    ]);
    await world.pass(240);
    await restsIn(world, job.id, 'completed');
    const before = world.everything();
    await world.pass(300);
    await hear();
    expect(world.everything()).toEqual(before);
  });
});

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ListTrainingJobsCommand, SageMakerClient, type TrainingInstanceType } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSageMakerFleet } from '#adapters/sagemaker/sagemaker-training-fleet';
import { makeSageMakerTrainingProvider } from '#adapters/sagemaker/sagemaker-training-provider';
import { type ProviderJob, ProviderRefused } from '#application/ports/training-provider';
import { trainingProviderContract } from '#test/ports/training-provider.contract';
import { aProviderJob } from '#test/support/a-provider-job';
import { aTrainingInput } from '#test/support/a-training-job';
import { A_TRAINING_STAGE, TRAINING_FILES } from '#test/support/sagemaker/a-training-stage';
import { aSageMaker } from '#test/support/sagemaker/stand-in';
import { type Moment, ServiceError } from '#test/support/sagemaker/training-jobs';

const line = (step: number, evalLoss = 'nan') =>
  `iorch step=${step} epoch=1 train_loss=${2 - step / 339} eval_loss=${evalLoss} lr=0.00005 tokens=${step * 10}`;

const LIFE: readonly Moment[] = [
  { after: 0, status: 'InProgress', secondary: 'Starting' },
  { after: 60, status: 'InProgress', secondary: 'Downloading' },
  { after: 120, status: 'InProgress', secondary: 'Training', log: ['Samples: 450', line(100)] },
  { after: 180, status: 'InProgress', secondary: 'Training', log: [line(200), line(226, '1.5')] },
  { after: 300, status: 'InProgress', secondary: 'Uploading', log: [line(339, '1.25'), 'Done.'] },
  { after: 330, status: 'Completed', secondary: 'Completed' },
];

const aWorld = async () => {
  const service = await aSageMaker();
  const client = { endpoint: service.url, region: 'us-east-1', maxAttempts: 1 };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const sagemaker = new SageMakerClient({ ...client, credentials });
  const logs = new CloudWatchLogsClient({ ...client, credentials });
  const provider = makeSageMakerTrainingProvider({
    sagemaker,
    logs,
    stage: A_TRAINING_STAGE,
    files: async () => TRAINING_FILES,
  });
  service.jobs.script(...LIFE);
  return { service, sagemaker, provider };
};

trainingProviderContract('SageMaker', async () => {
  const { service, provider } = await aWorld();
  return {
    provider,
    failNext: (job, after) => {
      service.jobs.script(
        { after: 0, status: 'InProgress', secondary: 'Starting' },
        { after, status: 'Failed', secondary: 'Failed', failureReason: 'AlgorithmError: no' },
      );
      return job;
    },
    now: () => new Date(service.jobs.now * 1000).toISOString(),
    pass: (seconds) => service.jobs.advance(seconds),
    close: service.close,
  };
});

describe('SageMaker over the wire', () => {
  let world: Awaited<ReturnType<typeof aWorld>>;
  const job = aProviderJob();
  const name = 'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1';

  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.service.close());

  const look = (fields: Partial<ProviderJob> = {}) => world.provider.status(name, { ...job, ...fields });

  it('is read on from where the log was left, over empty pages', async () => {
    const { service, provider } = world;
    await provider.start(job);
    expect(await look()).toEqual({ status: 'queued', phase: 'preparing', points: [] });
    service.jobs.advance(130);
    const first = await look();
    expect(first).toMatchObject({
      status: 'running',
      phase: 'training',
      step: 100,
      progress: 100 / 339,
      totalSteps: 339,
    });
    service.jobs.advance(60);
    const second = await look({ logPosition: first === 'missing' ? undefined : first.logPosition });
    // the newest line of before is read again: it is the same point
    expect(second).toMatchObject({ points: [{ step: 100 }, { step: 200 }, { step: 226, evalLoss: 1.5 }] });
    const later = await look({ logPosition: second === 'missing' ? undefined : second.logPosition });
    expect(later).toMatchObject({ points: [{ step: 200 }, { step: 226 }] });
  });

  it('tells in the end what the model came to, what was paid, and where it lies', async () => {
    const { service, provider } = world;
    await provider.start(job);
    service.jobs.advance(400);
    const end = await look({ logPosition: String((service.jobs.now + 1000) * 1000) });
    expect(end).toMatchObject({
      status: 'completed',
      finalMetrics: {
        finalLoss: 1,
        evalLoss: 1.25,
        accuracy: null,
        trainingDurationSeconds: 210,
        tokensProcessed: 3390,
      },
      billableSeconds: 63,
      trainingSeconds: 210,
      artifactUri: `s3://files/${job.tenantId}/training/${job.jobId}/a1/output/${name}/output/model.tar.gz`,
    });
  });

  it('knows nothing of a loss that nobody logged', async () => {
    const { service, provider } = world;
    service.jobs.script({ after: 1, status: 'Completed', secondary: 'Completed' });
    await provider.start(job);
    service.jobs.advance(5);
    expect(await look()).toMatchObject({
      status: 'completed',
      points: [],
      finalMetrics: { finalLoss: null, evalLoss: null, tokensProcessed: null },
    });
  });

  it('goes on after an interruption, in another machine', async () => {
    const { service, provider } = world;
    service.jobs.script(
      { after: 0, status: 'InProgress', secondary: 'Training', log: [line(10)] },
      { after: 10, status: 'InProgress', secondary: 'Interrupted' },
      { after: 20, status: 'InProgress', secondary: 'Restarting' },
      { after: 30, status: 'InProgress', secondary: 'Starting' },
      { after: 40, status: 'InProgress', secondary: 'Training', log: [line(10), line(20)] },
    );
    await provider.start(job);
    const told: unknown[] = [];
    for (let at = 0; at < 5; at += 1) {
      const report = await look();
      told.push(report === 'missing' ? report : [report.status, report.phase, report.step]);
      service.jobs.advance(10);
    }
    // the job's rules keep a running one from going back to queued
    expect(told).toEqual([
      ['running', 'training', 10],
      ['running', 'interrupted', 10],
      ['running', 'interrupted', 10],
      ['queued', 'preparing', undefined],
      ['running', 'training', 20],
    ]);
  });

  it('has the job save its work before it is cancelled', async () => {
    const { service, provider } = world;
    await provider.start(job);
    service.jobs.advance(130);
    await provider.cancel(name, job);
    expect(await look()).toMatchObject({ status: 'queued', phase: 'stopping' });
    service.jobs.advance(120);
    expect(await look()).toMatchObject({ status: 'cancelled' });
  });

  it('may lose a job', async () => {
    await world.provider.start(job);
    world.service.jobs.lose(name);
    expect(await look()).toBe('missing');
  });

  it('puts every change on the bus, in its own words', async () => {
    await world.provider.start(job);
    world.service.jobs.advance(400);
    const { changes } = world.service.jobs;
    expect(changes.map(({ detail }) => detail['SecondaryStatus'])).toEqual(LIFE.map(({ secondary }) => secondary));
    expect(changes[0]).toMatchObject({
      source: 'aws.sagemaker',
      'detail-type': 'SageMaker Training Job State Change',
      detail: { TrainingJobName: name, Tags: { 'iorch:tenant_id': job.tenantId } },
    });
  });

  it('lists what is under way of a stage, page by page, with whose it is, until it is stopped', async () => {
    const { service, sagemaker, provider } = world;
    const fleet = makeSageMakerFleet({ sagemaker, stage: 'dev' });
    service.jobs.mostListed = 2;
    const startedAt = new Date(service.jobs.now * 1000).toISOString();
    for (const attempt of [1, 2, 3]) await provider.start({ ...job, attempt });
    await provider.cancel(name, job);
    service.jobs.advance(130);
    await provider.start({ ...job, attempt: 4 });
    const found = await fleet.underWay();
    expect(found.map(({ attempt }) => attempt)).toEqual([2, 3, 4]);
    expect(found[0]).toEqual({ externalJobId: name.replace(/1$/, '2'), jobId: job.jobId, attempt: 2, startedAt });
    for (const one of found) expect(await fleet.tenantOf(one)).toBe(job.tenantId);
    for (const { externalJobId } of found) await fleet.stop(externalJobId);
    expect(await fleet.underWay()).toEqual([]);
    expect(service.requests.filter(({ target }) => target === 'SageMaker.ListTrainingJobs')).toHaveLength(3);
  });

  it('refuses what its model does not allow', async () => {
    const { compute } = aTrainingInput();
    const unknownMachine = { ...compute, instanceType: 'ml.g5.huge' as TrainingInstanceType };
    const refused = world.provider.start(aProviderJob({ input: aTrainingInput({ compute: unknownMachine }) }));
    await expect(refused).rejects.toThrow(ProviderRefused);
    await expect(refused).rejects.toThrow("Value 'ml.g5.huge' at 'ResourceConfig.InstanceType'");
    expect(await look()).toBe('missing');
  });

  it.each([
    [
      'ResourceLimitExceeded',
      "The account-level service limit 'ml.g5.2xlarge for spot training job usage' is 0 Instances",
    ],
    ['AccessDeniedException', 'User is not authorized to perform: iam:PassRole'],
  ])('says so when it refuses with %s', async (code, message) => {
    world.service.failures.push(new ServiceError(code, message));
    const refused = world.provider.start(job);
    await expect(refused).rejects.toThrow(ProviderRefused);
    await expect(refused).rejects.toThrow(message);
  });

  it('is asked again later when it is too busy', async () => {
    world.service.failures.push(new ServiceError('ThrottlingException', 'Rate exceeded'));
    const busy = await world.provider.start(job).catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(Error);
    expect(busy).not.toBeInstanceOf(ProviderRefused);
    await expect(world.provider.start(job)).resolves.toEqual({ externalJobId: name });
  });

  it('is begun once when the answer to its start is lost', async () => {
    const { service, provider, sagemaker } = world;
    service.loseAnswer();
    await expect(provider.start(job)).rejects.toThrow();
    await expect(provider.start(job)).resolves.toEqual({ externalJobId: name });
    const { TrainingJobSummaries: begun } = await sagemaker.send(new ListTrainingJobsCommand({}));
    expect(begun).toHaveLength(1);
  });

  it("does not take a stranger's job for its own", async () => {
    const { provider, sagemaker } = world;
    await provider.start(job);
    const elsewhere = makeSageMakerTrainingProvider({
      sagemaker,
      logs: new CloudWatchLogsClient({ region: 'us-east-1' }),
      stage: { ...A_TRAINING_STAGE, bucket: 'other' },
      files: async () => TRAINING_FILES,
    });
    await expect(elsewhere.start(job)).rejects.toThrow(ProviderRefused);
  });
});

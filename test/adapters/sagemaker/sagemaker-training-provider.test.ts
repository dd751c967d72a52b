import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSageMakerTrainingProvider } from '#adapters/sagemaker/sagemaker-training-provider';
import { trainingRequest } from '#adapters/sagemaker/training-request';
import { aProviderJob } from '#test/support/a-provider-job';
import { A_TRAINING_STAGE, TRAINING_FILES } from '#test/support/sagemaker/a-training-stage';

const sagemaker = mockClient(SageMakerClient);
const logs = mockClient(CloudWatchLogsClient);
// it replaces what every client of the class does, those of other files in the same worker, too
afterAll(() => {
  sagemaker.restore();
  logs.restore();
});
const job = aProviderJob();
const name = 'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1';
const provider = makeSageMakerTrainingProvider({
  sagemaker: sagemaker as unknown as SageMakerClient,
  logs: logs as unknown as CloudWatchLogsClient,
  stage: A_TRAINING_STAGE,
  files: async () => TRAINING_FILES,
});

const anError = (code: string, message = code) => Object.assign(new Error(message), { name: code });
const sent = () =>
  [...sagemaker.calls(), ...logs.calls()].map(({ args: [command] }) => [command.constructor.name, command.input]);

beforeEach(() => {
  sagemaker.reset();
  logs.reset();
});

describe('what is sent to SageMaker', () => {
  it('is one request for a start', async () => {
    sagemaker.on(CreateTrainingJobCommand).resolves({ TrainingJobArn: 'arn' });
    expect(await provider.start(job)).toEqual({ externalJobId: name });
    expect(sent()).toEqual([['CreateTrainingJobCommand', trainingRequest(A_TRAINING_STAGE, job, TRAINING_FILES)]]);
  });

  it('is a look at the name that is taken', async () => {
    sagemaker.on(CreateTrainingJobCommand).rejects(anError('ResourceInUse'));
    const { OutputDataConfig } = trainingRequest(A_TRAINING_STAGE, job, TRAINING_FILES);
    sagemaker.on(DescribeTrainingJobCommand).resolves({ OutputDataConfig });
    expect(await provider.start(job)).toEqual({ externalJobId: name });
    expect(sent().at(-1)).toEqual(['DescribeTrainingJobCommand', { TrainingJobName: name }]);
  });

  it('is a name for a look, and a filter for its log', async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training' });
    logs.on(FilterLogEventsCommand).resolvesOnce({ events: [], nextToken: 'more' }).resolves({});
    await provider.status(name, { ...job, logPosition: '1000' });
    const filter = {
      logGroupName: '/aws/sagemaker/TrainingJobs',
      logStreamNamePrefix: `${name}/`,
      filterPattern: '"iorch step="',
      startTime: 1000,
    };
    expect(sent()).toEqual([
      ['DescribeTrainingJobCommand', { TrainingJobName: name }],
      ['FilterLogEventsCommand', filter],
      ['FilterLogEventsCommand', { ...filter, nextToken: 'more' }],
    ]);
  });

  it('ends with a log whose pages do not, and takes a position of another provider for none', async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training' });
    logs.on(FilterLogEventsCommand).resolves({ events: [], nextToken: 'more' });
    const report = await provider.status(name, { ...job, logPosition: 'elsewhere' });
    expect(report).toMatchObject({ status: 'running', points: [] });
    expect(logs.calls()).toHaveLength(20);
    expect(logs.call(0).args[0].input).not.toHaveProperty('startTime');
  });

  it('is nothing to the log of a training that is prepared, or whose status nobody knows', async () => {
    for (const [TrainingJobStatus, SecondaryStatus] of [
      ['InProgress', 'Starting'],
      ['Paused', 'Resting'],
    ]) {
      sagemaker.on(DescribeTrainingJobCommand).resolves({ TrainingJobStatus, SecondaryStatus } as never);
      expect(await provider.status(name, job)).toMatchObject({ points: [] });
    }
    expect(logs.calls()).toEqual([]);
  });

  it('is a name for a stop', async () => {
    sagemaker.on(StopTrainingJobCommand).resolves({});
    expect(await provider.cancel(name, job)).toBe(true);
    expect(sent()).toEqual([['StopTrainingJobCommand', { TrainingJobName: name }]]);
  });
});

describe('an answer of SageMaker', () => {
  it.each([
    ['ResourceNotFound', 'gone'],
    ['ValidationException', 'Requested resource not found.'],
    ['ValidationException', 'The request was rejected because the training job is in status Completed.'],
  ])('%s, %s to a stop means that it is done', async (code, message) => {
    sagemaker.on(StopTrainingJobCommand).rejects(anError(code, message));
    expect(await provider.cancel(name, job)).toBe(true);
  });

  it.each([
    ['ThrottlingException', 'Rate exceeded'],
    ['AccessDeniedException', 'not authorized'],
    ['ValidationException', 'the name is too long'],
  ])('%s, %s to a stop or a look is thrown', async (code, message) => {
    sagemaker.on(StopTrainingJobCommand).rejects(anError(code, message));
    sagemaker.on(DescribeTrainingJobCommand).rejects(anError(code, message));
    await expect(provider.cancel(name, job)).rejects.toThrow(message);
    await expect(provider.status(name, job)).rejects.toThrow(message);
  });

  it('without words is unknown', async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves({});
    expect(await provider.status(name, job)).toEqual({ status: 'unknown', points: [] });
  });

  it('that the log cannot be read is thrown', async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves({ TrainingJobStatus: 'InProgress', SecondaryStatus: 'Training' });
    logs.on(FilterLogEventsCommand).rejects(anError('AccessDeniedException'));
    await expect(provider.status(name, job)).rejects.toThrow('AccessDeniedException');
  });

  it('that the name is taken, by a job that is gone a moment later, is a refusal', async () => {
    sagemaker.on(CreateTrainingJobCommand).rejects(anError('ResourceInUse'));
    sagemaker.on(DescribeTrainingJobCommand).rejects(anError('ResourceNotFound'));
    await expect(provider.start(job)).rejects.toThrow('another training job named');
  });
});

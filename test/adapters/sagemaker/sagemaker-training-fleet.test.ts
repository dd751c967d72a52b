import {
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSageMakerFleet } from '#adapters/sagemaker/sagemaker-training-fleet';
import { aProviderJob } from '#test/support/a-provider-job';

const sagemaker = mockClient(SageMakerClient);
// it replaces what every client of the class does, those of other files in the same worker, too
afterAll(() => sagemaker.restore());
beforeEach(() => sagemaker.reset());

const fleet = makeSageMakerFleet({ sagemaker: sagemaker as unknown as SageMakerClient, stage: 'dev' });
const { tenantId, jobId } = aProviderJob();
const name = 'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a2';
const CreationTime = new Date('2026-05-04T12:00:00.000Z');
const training = { externalJobId: name, jobId, attempt: 2, startedAt: CreationTime.toISOString() };

const anError = (code: string, message = code) => Object.assign(new Error(message), { name: code });
const sent = () => sagemaker.calls().map(({ args: [command] }) => [command.constructor.name, command.input]);
const listing = (...names: string[]) => names.map((TrainingJobName) => ({ TrainingJobName, CreationTime }) as never);

describe('the list of trainings', () => {
  const request = {
    NameContains: 'iorch-dev-',
    StatusEquals: 'InProgress',
    SortBy: 'CreationTime',
    SortOrder: 'Ascending',
    MaxResults: 100,
  };

  it('is asked for page by page', async () => {
    sagemaker
      .on(ListTrainingJobsCommand)
      .resolvesOnce({ TrainingJobSummaries: listing(name), NextToken: 'more' })
      .resolves({});
    expect(await fleet.underWay()).toEqual([training]);
    expect(sent()).toEqual([
      ['ListTrainingJobsCommand', request],
      ['ListTrainingJobsCommand', { ...request, NextToken: 'more' }],
    ]);
  });

  it('holds what bears a name of this very stage, and a time', async () => {
    const others = [
      'iorch-dev-2-01jd8x5yb2m0q4v6t8w1z3c5e9-a1',
      'my-iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1',
      'iorch-dev-churn-model-a1',
      'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a0',
      'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5e9-a1-copy',
    ];
    const TrainingJobSummaries = [...listing(...others, name), { TrainingJobName: name }, { CreationTime }] as never[];
    sagemaker.on(ListTrainingJobsCommand).resolves({ TrainingJobSummaries });
    expect(await fleet.underWay()).toEqual([training]);
  });

  it('ends although its pages do not', async () => {
    sagemaker.on(ListTrainingJobsCommand).resolves({ NextToken: 'more' });
    expect(await fleet.underWay()).toEqual([]);
    expect(sagemaker.calls()).toHaveLength(100);
  });
});

describe('the tenant of a training', () => {
  const output = (S3OutputPath: string) =>
    sagemaker.on(DescribeTrainingJobCommand).resolves({ OutputDataConfig: { S3OutputPath } });

  it('is told by where its output goes', async () => {
    output(`s3://files/${tenantId}/training/${jobId}/a2/output`);
    expect(await fleet.tenantOf(training)).toBe(tenantId);
    expect(sent()).toEqual([['DescribeTrainingJobCommand', { TrainingJobName: name }]]);
  });

  it.each([
    ["another job's output", `s3://files/${tenantId}/training/01JD8X5YB2M0Q4V6T8W1Z3C5EB/a2/output`],
    ["a stranger's output", 's3://mine/output'],
  ])('is unknown with %s', async (_what, path) => {
    output(path);
    expect(await fleet.tenantOf(training)).toBeUndefined();
  });

  it('is unknown of one that is gone', async () => {
    sagemaker.on(DescribeTrainingJobCommand).rejects(anError('ResourceNotFound'));
    expect(await fleet.tenantOf(training)).toBeUndefined();
    sagemaker.on(DescribeTrainingJobCommand).resolves({});
    expect(await fleet.tenantOf(training)).toBeUndefined();
  });
});

describe('a stop', () => {
  it('is a name; one that is over needs none', async () => {
    sagemaker.on(StopTrainingJobCommand).resolvesOnce({}).rejects(anError('ResourceNotFound'));
    await fleet.stop(name);
    await fleet.stop(name);
    expect(sent()[0]).toEqual(['StopTrainingJobCommand', { TrainingJobName: name }]);
  });

  it('and a list that are refused are thrown', async () => {
    sagemaker.onAnyCommand().rejects(anError('AccessDeniedException'));
    await expect(fleet.stop(name)).rejects.toThrow('AccessDeniedException');
    await expect(fleet.underWay()).rejects.toThrow('AccessDeniedException');
    await expect(fleet.tenantOf(training)).rejects.toThrow('AccessDeniedException');
  });
});

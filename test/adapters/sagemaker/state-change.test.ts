import { describe, expect, it } from 'vitest';
import { changedTraining } from '#adapters/sagemaker/state-change';
import { trainingRequest } from '#adapters/sagemaker/training-request';
import { aProviderJob } from '#test/support/a-provider-job';
import { A_TRAINING_STAGE, TRAINING_FILES } from '#test/support/sagemaker/a-training-stage';
import { type CreateRequest, TrainingJobs } from '#test/support/sagemaker/training-jobs';

const job = aProviderJob();
const request = trainingRequest(A_TRAINING_STAGE, job, TRAINING_FILES) as unknown as CreateRequest;

const anEvent = (detail: object = {}) => {
  const jobs = new TrainingJobs();
  jobs.create(request);
  const [event] = jobs.changes;
  return { ...event, detail: { ...event?.detail, ...detail } };
};

describe('an event of SageMaker', () => {
  it('names the job to look at', () => {
    expect(changedTraining('dev', anEvent())).toEqual({ tenantId: job.tenantId, jobId: job.jobId });
  });

  it('is nothing to another stage', () => {
    expect(changedTraining('prod', anEvent())).toBeUndefined();
  });

  it.each([
    ['another source', { ...anEvent(), source: 'iorch' }],
    ['nothing', undefined],
    ['no detail', { source: 'aws.sagemaker' }],
    ['no name', anEvent({ TrainingJobName: 7 })],
    ['no output', anEvent({ OutputDataConfig: null })],
    ["a stranger's output", anEvent({ OutputDataConfig: { S3OutputPath: 's3://mine/output' } })],
    ["another job's output", anEvent({ TrainingJobName: 'iorch-dev-01jd8x5yb2m0q4v6t8w1z3c5eb-a1' })],
  ])('with %s is none of ours', (_, event) => {
    expect(changedTraining('dev', event)).toBeUndefined();
  });
});

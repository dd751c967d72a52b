import { describe, expect, it } from 'vitest';
import { readSettings } from '#lib/config';

const from = (context: Record<string, unknown>) => readSettings((key) => context[key]);

describe('the settings of a stage', () => {
  it('belong to stage dev when nothing is said', () => {
    expect(from({})).toEqual({
      stage: 'dev',
      agentPollSeconds: 2,
      agentIdlePollSeconds: 5,
      leaseSeconds: 120,
      streamFailures: 'partial',
      keyEnvironment: 'test',
      keepsData: true,
      reservesConcurrency: true,
      hasAlarms: true,
      concurrencyQuota: 1000,
    });
  });

  it('are quick and disposable on the local stage, whose stream knows no partial failures', () => {
    expect(from({ stage: 'local' })).toEqual({
      stage: 'local',
      agentPollSeconds: 1,
      agentIdlePollSeconds: 1,
      leaseSeconds: 30,
      streamFailures: 'throw',
      keyEnvironment: 'test',
      keepsData: false,
      reservesConcurrency: false,
      hasAlarms: false,
      concurrencyQuota: 1000,
    });
  });

  it('can be set one by one, as text on a command line', () => {
    const context = {
      stage: 'prod',
      lease_seconds: '300',
      agent_poll_seconds: '5',
      stream_failures: 'throw',
      reserved_concurrency: 'off',
      alarms: 'off',
      alarm_email: 'ops@example.com',
      concurrency_quota: '50',
    };
    expect(from(context)).toEqual({
      stage: 'prod',
      agentPollSeconds: 5,
      agentIdlePollSeconds: 12.5,
      leaseSeconds: 300,
      streamFailures: 'throw',
      keyEnvironment: 'live',
      keepsData: true,
      reservesConcurrency: false,
      hasAlarms: false,
      alarmEmail: 'ops@example.com',
      concurrencyQuota: 50,
    });
  });

  it.each(['', 'Prod', '1st', 'a_b', 'x'.repeat(21)])('refuse %j as a stage', (stage) => {
    expect(() => from({ stage })).toThrow(/must be 1 to 20 characters[\s\S]*stage/);
  });

  it.each([
    ['lease_seconds', '4'],
    ['lease_seconds', '901'],
    ['lease_seconds', 'soon'],
    ['agent_poll_seconds', '0'],
    ['agent_poll_seconds', '61'],
    ['stream_failures', 'ignore'],
    ['reserved_concurrency', 'yes'],
    ['alarms', 'true'],
    ['alarm_email', 'ops'],
    ['concurrency_quota', '9'],
  ])('refuse %s=%s and name it', (key, value) => {
    expect(() => from({ [key]: value })).toThrow(key);
  });

  it('train on SageMaker when image and models are given, as text or as they are', () => {
    const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/iorch-training:1.2';
    const models = { 'acme/base-7b': 's3://weights/base-7b/' };
    for (const training_models of [models, JSON.stringify(models)])
      expect(from({ training_image: image, training_models }).training).toEqual({
        image,
        repository: { account: '123456789012', region: 'eu-west-1', name: 'team/iorch-training' },
        baseModels: models,
        volumeGb: 100,
      });
    const pinned = `${image.slice(0, -4)}@sha256:${'a'.repeat(64)}`;
    expect(from({ training_image: pinned, training_models: models, training_volume_gb: '500' }).training).toMatchObject(
      {
        image: pinned,
        volumeGb: 500,
      },
    );
  });

  it.each([
    [{ training_image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/iorch:1' }, 'give both'],
    [{ training_models: '{"a":"s3://weights/a/"}' }, 'give both'],
    [{ training_image: 'docker.io/iorch:1', training_models: '{"a":"s3://weights/a/"}' }, 'must be an image of ECR'],
    [{ training_image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/iorch' }, 'must be an image of ECR'],
    [{ training_models: 'a=s3://weights/a/' }, 'training_models'],
    [{ training_models: '{}' }, 'at least one base model'],
    [{ training_models: '{"a":"s3://weights/a"}' }, 'with the slash at its end'],
    [{ training_models: { a: `s3://weights/${'a'.repeat(2000)}/` } }, 'at most 2000 characters'],
    [{ training_volume_gb: '0' }, 'training_volume_gb'],
  ])('refuse %j', (context, reason) => {
    expect(() => from(context)).toThrow(reason);
  });
});

import { describe, expect, it } from 'vitest';
import { standingOf } from '#adapters/sagemaker/training-status';
import { shapes } from '#test/support/sagemaker/service-model';

const standing = (status: string, secondaryStatus: string, failureReason?: string) =>
  standingOf({ status, secondaryStatus, failureReason });

const known: [string, string, object][] = [
  ...['Pending', 'Starting', 'LaunchingMLInstances', 'PreparingTrainingStack', 'DownloadingTrainingImage'].map(
    (word): [string, string, object] => ['InProgress', word, { status: 'queued', phase: 'preparing' }],
  ),
  ['InProgress', 'Downloading', { status: 'running', phase: 'downloading' }],
  ['InProgress', 'Training', { status: 'running', phase: 'training' }],
  ['InProgress', 'Uploading', { status: 'running', phase: 'uploading' }],
  ['InProgress', 'Updating', { status: 'running', phase: 'training' }],
  ['InProgress', 'Interrupted', { status: 'running', phase: 'interrupted' }],
  ['InProgress', 'Restarting', { status: 'running', phase: 'interrupted' }],
  ['Completed', 'Completed', { status: 'completed' }],
  ['Stopped', 'Stopped', { status: 'cancelled' }],
];

describe('what SageMaker says of a training job', () => {
  it.each(known)('%s, %s', (status, secondary, expected) => {
    expect(standing(status, secondary)).toEqual(expected);
  });

  it.each(['MaxRuntimeExceeded', 'MaxWaitTimeExceeded'])(
    'Stopped, %s is a timeout that names the limit',
    (secondary) => {
      const { status, error } = standing('Stopped', secondary);
      expect(status).toBe('failed');
      expect(error?.code).toBe('TRAINING_TIMEOUT');
      expect(error?.message).toContain(secondary === 'MaxRuntimeExceeded' ? 'max_runtime_seconds' : 'max_wait_seconds');
    },
  );

  it('Failed, Failed gives the first 1,000 letters of the reason', () => {
    expect(standing('Failed', 'Failed', 'x'.repeat(1024))).toEqual({
      status: 'failed',
      error: { code: 'TRAINING_FAILED', message: 'x'.repeat(1000) },
    });
    expect(standing('Failed', 'Failed', ' ').error?.message).toBe('SageMaker gave no reason');
    expect(standing('Failed', 'Failed').error?.message).toBe('SageMaker gave no reason');
  });

  it('Stopping and Deleting leave every job where it is, whatever stands beside them', () => {
    for (const status of ['Stopping', 'Deleting']) {
      for (const secondary of shapes['SecondaryStatus']?.enum ?? [])
        expect(standing(status, secondary)).toEqual({ status: 'queued', phase: 'stopping' });
    }
  });

  it('is unknown in every pair of words that the table does not have', () => {
    const unknown = (shapes['TrainingJobStatus']?.enum ?? [])
      .flatMap((status) => (shapes['SecondaryStatus']?.enum ?? []).map((secondary) => [status, secondary] as const))
      .filter(([status, secondary]) => standing(status, secondary).status === 'unknown');
    // 6 × 17 pairs, of which 11 in progress, 1 completed, 1 failed, 2 × 17 ending, 3 stopped are known
    expect(unknown).toHaveLength(102 - 11 - 1 - 1 - 34 - 3);
    for (const [status, secondary] of [
      ...unknown,
      ['InProgress', 'toString'],
      ['Paused', 'Training'],
      ['', ''],
    ] as const)
      expect(standing(status, secondary)).toEqual({ status: 'unknown' });
  });
});

import { expect, it, vi } from 'vitest';
import { logTrainingFailures, logTrainingTrouble, noteTrainingFailure } from '#runtime/log-training-trouble';
import { logger } from '#runtime/logger';

const metrics = (...names: readonly string[]) => ({
  CloudWatchMetrics: [
    { Namespace: 'IndustrialOrchestrator', Dimensions: [['stage']], Metrics: names.map((Name) => ({ Name })) },
  ],
});

it('reports what calls for attention as a metric of its own and as the one that the alarm looks at', () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  const facts = { tenantId: 'A', jobId: 'JOB' };
  logTrainingTrouble({ ...facts, found: 'training_unknown_status' }, 'dev');
  expect(warn).toHaveBeenLastCalledWith('training_unknown_status', {
    _aws: expect.objectContaining(metrics('training_unknown_status', 'attention')),
    stage: 'dev',
    training_unknown_status: 1,
    attention: 1,
    ...facts,
  });
  logTrainingTrouble({ ...facts, found: 'recovered' }, 'dev', { status: 'ABORTED' });
  expect(warn).toHaveBeenLastCalledWith('executions lost', {
    _aws: expect.objectContaining(metrics('recoveries')),
    stage: 'dev',
    recoveries: 1,
    orphaned: 0,
    status: 'ABORTED',
    ...facts,
  });
  logTrainingTrouble({ ...facts, found: 'orphaned' }, 'dev');
  expect(warn).toHaveBeenLastCalledWith('executions lost', expect.objectContaining({ recoveries: 1, attention: 1 }));
  warn.mockRestore();
});

it('counts looks that failed, and says nothing where none has', () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  logTrainingFailures({ failedCount: 0 }, 'dev');
  expect(warn).not.toHaveBeenCalled();
  logTrainingFailures({ failedCount: 2 }, 'dev');
  expect(warn).toHaveBeenCalledWith('poll failed', {
    _aws: expect.objectContaining(metrics('training_poll_failures')),
    stage: 'dev',
    training_poll_failures: 2,
  });
  warn.mockRestore();
});

it('says which error kept a look from its job, shortened, and nothing that the error carries', () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  const facts = { tenantId: 'A', jobId: 'JOB', during: 'ask' } as const;
  noteTrainingFailure({ ...facts, error: Object.assign(new TypeError('x'.repeat(600)), { token: 'secret' }) });
  expect(warn).toHaveBeenLastCalledWith('look failed', {
    ...{ ...facts, errorName: 'TypeError', errorMessage: 'x'.repeat(500) },
  });
  noteTrainingFailure({ ...facts, error: 'odd' });
  expect(warn).toHaveBeenLastCalledWith('look failed', { ...facts, errorName: 'Error', errorMessage: 'odd' });
  warn.mockRestore();
});

import { expect, it, vi } from 'vitest';
import { logRecoveries } from '#runtime/log-recoveries';
import { logger } from '#runtime/logger';

it('reports lost drivers as a warning that is a metric, and says nothing where none was lost', () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  logRecoveries({ recovered: 0, orphaned: 0 }, 'dev');
  expect(warn).not.toHaveBeenCalled();
  logRecoveries({ recovered: 2, orphaned: 1 }, 'dev', { status: 'FAILED' });
  expect(warn).toHaveBeenCalledWith('executions lost', {
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'IndustrialOrchestrator',
          Dimensions: [['stage']],
          Metrics: [{ Name: 'recoveries' }, { Name: 'attention' }],
        },
      ],
    },
    stage: 'dev',
    recoveries: 3,
    orphaned: 1,
    attention: 1,
    status: 'FAILED',
  });
  warn.mockRestore();
});

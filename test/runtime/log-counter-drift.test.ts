import { expect, it, vi } from 'vitest';
import { logCounterDrift } from '#runtime/log-counter-drift';
import { logger } from '#runtime/logger';

it('reports a corrected counter as a warning that is a metric, with ids beside the dimensions', () => {
  const warn = vi.spyOn(logger, 'warn').mockReturnValue();
  logCounterDrift({ tenantId: 'A', kind: 'agent', agentId: 'AGENT', drift: -1 }, 'dev');
  expect(warn).toHaveBeenCalledWith('counter drift', {
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'IndustrialOrchestrator',
          Dimensions: [['stage', 'kind'], ['stage']],
          Metrics: [{ Name: 'counter_drift' }],
        },
        { Namespace: 'IndustrialOrchestrator', Dimensions: [['stage']], Metrics: [{ Name: 'attention' }] },
      ],
    },
    stage: 'dev',
    kind: 'agent',
    counter_drift: -1,
    attention: 1,
    tenantId: 'A',
    agentId: 'AGENT',
  });
  warn.mockRestore();
});

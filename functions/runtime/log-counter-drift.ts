import type { CounterDrift } from '#application/counter-drift';
import { logger } from './logger.ts';

const NAMESPACE = 'IndustrialOrchestrator';
const NAME = 'counter_drift';

/** Reports a corrected counter: a warning whose line CloudWatch reads as the metric `counter_drift`, too. Ids are no dimensions. */
export const logCounterDrift = ({ drift, kind, ...facts }: CounterDrift, stage: string): void =>
  logger.warn('counter drift', {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [['stage', 'kind'], ['stage']], Metrics: [{ Name: NAME }] },
      ],
    },
    stage,
    kind,
    [NAME]: drift,
    ...facts,
  });

import type { CounterDrift } from '#application/counter-drift';
import { ATTENTION, metricsOf } from './attention-metric.ts';
import { logger } from './logger.ts';

const NAME = 'counter_drift';

/**
 * Reports a corrected counter: a warning whose line CloudWatch reads as the metric `counter_drift`, too, and as one that calls for
 * attention. Ids are no dimensions.
 */
export const logCounterDrift = ({ drift, kind, ...facts }: CounterDrift, stage: string): void =>
  logger.warn('counter drift', {
    ...metricsOf({ names: [NAME], by: [['stage', 'kind'], ['stage']] }, { names: [ATTENTION] }),
    stage,
    kind,
    [NAME]: drift,
    [ATTENTION]: 1,
    ...facts,
  });

import { ATTENTION, metricsOf } from './attention-metric.ts';
import { logger } from './logger.ts';

const NAME = 'recoveries';

/** Sessions, jobs or datasets whose driver was found lost: those that the next run goes on with, and those that were given up. */
export interface Recoveries {
  readonly recovered: number;
  readonly orphaned: number;
}

/**
 * Reports lost drivers, if there were any: a warning whose line CloudWatch reads as the metric `recoveries`, too. What was given up calls
 * for attention.
 */
export const logRecoveries = ({ recovered, orphaned }: Recoveries, stage: string, facts: object = {}): void => {
  if (recovered + orphaned === 0) return;
  logger.warn('executions lost', {
    ...metricsOf({ names: [NAME, ...(orphaned > 0 ? [ATTENTION] : [])] }),
    stage,
    [NAME]: recovered + orphaned,
    orphaned,
    ...(orphaned > 0 ? { [ATTENTION]: orphaned } : {}),
    ...facts,
  });
};

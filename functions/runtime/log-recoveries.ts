import { logger } from './logger.ts';

const NAMESPACE = 'IndustrialOrchestrator';
const NAME = 'recoveries';

/** Sessions whose driver was found lost: those that the next run goes on with, and those that were given up. */
export interface Recoveries {
  readonly recovered: number;
  readonly orphaned: number;
}

/** Reports lost drivers, if there were any: a warning whose line CloudWatch reads as the metric `recoveries`, too. */
export const logRecoveries = ({ recovered, orphaned }: Recoveries, stage: string, facts: object = {}): void => {
  // a metric costs for each hour that has a value
  if (recovered + orphaned === 0) return;
  logger.warn('executions lost', {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['stage']], Metrics: [{ Name: NAME }] }],
    },
    stage,
    [NAME]: recovered + orphaned,
    orphaned,
    ...facts,
  });
};

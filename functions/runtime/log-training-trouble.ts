import type { PollCounts } from '#application/poll-training-jobs';
import type { TrainingFailure, TrainingRemark } from '#application/training-trouble';
import { ATTENTION, metricsOf } from './attention-metric.ts';
import { logRecoveries } from './log-recoveries.ts';
import { logger } from './logger.ts';

const FAILURES = 'training_poll_failures';

/** Reports what people should know of a training: a warning, and a metric of its name beside the one that calls for attention. */
export const logTrainingTrouble = ({ found, ...facts }: TrainingRemark, stage: string, more: object = {}): void => {
  if (found === 'recovered' || found === 'orphaned') {
    const lost = { recovered: Number(found === 'recovered'), orphaned: Number(found === 'orphaned') };
    logRecoveries(lost, stage, { ...facts, ...more });
    return;
  }
  logger.warn(found, {
    ...metricsOf({ names: [found, ATTENTION] }),
    stage,
    [found]: 1,
    [ATTENTION]: 1,
    ...facts,
    ...more,
  });
};

const MOST_CHARACTERS = 500;

/** Reports what failed in a look, for who looks for the cause: what kind of error it was and what it says, and none of what it carries. */
export const noteTrainingFailure = ({ error, ...facts }: TrainingFailure): void => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  logger.warn('look failed', { ...facts, errorName: name, errorMessage: message.slice(0, MOST_CHARACTERS) });
};

/** Reports how many jobs could not be looked at, if there were any. A single one is looked at again a minute later. */
export const logTrainingFailures = ({ failedCount }: Pick<PollCounts, 'failedCount'>, stage: string): void => {
  if (failedCount > 0)
    logger.warn('poll failed', { ...metricsOf({ names: [FAILURES] }), stage, [FAILURES]: failedCount });
};

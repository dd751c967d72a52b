import { Duration } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { LossAlarm } from '#lib/constructs/loss-alarm';
import type { NodeFunction } from '#lib/constructs/node-function';

const MAX_ERROR_RATE = 0.01;
const MAX_SHARE_OF_TIMEOUT = 0.8;
const MAX_ITERATOR_AGE = Duration.seconds(60);
const PERIOD = Duration.minutes(5);

export interface FunctionAlarmsProps {
  readonly watched: NodeFunction;
  /** Whether requests wait for it: then the alarm of the API sees how long it takes. */
  readonly answersRequests: boolean;
  readonly readsStream: boolean;
  readonly topic: ITopic;
}

/** Alarms for what keeps one function from its work: errors, its timeout, its own limit of concurrency, a stream that waits. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, { watched, answersRequests, readsStream, topic }: FunctionAlarmsProps) {
    super(scope, id);
    const add = (suffix: string, loss: string, metric: IMetric, threshold: number, periods = 1) =>
      new LossAlarm(this, suffix, {
        loss: `${loss} ${watched.errorImpact}`,
        metric,
        threshold,
        periods,
        topic,
      });
    // each execution reports 0 or 1 errors, so that their average is the share that failed
    const errors = watched.metricErrors({ period: PERIOD, statistic: Stats.AVERAGE });
    add('errors', `More than 1 % of the executions of ${id} fail.`, errors, MAX_ERROR_RATE);
    if (!answersRequests) {
      const duration = watched.metricDuration({ period: PERIOD, statistic: Stats.p(99) });
      const limit = MAX_SHARE_OF_TIMEOUT * watched.ends.toMilliseconds();
      add('duration', `${id} comes close to its timeout, after which it fails.`, duration, limit);
    }
    if (watched.isReserved) {
      const throttles = watched.metricThrottles({ period: PERIOD, statistic: Stats.SUM });
      add('throttles', `${id} has used up the concurrency reserved for it and comes late.`, throttles, 0);
    }
    if (readsStream) {
      const age = watched.metric('IteratorAge', { period: Duration.minutes(1), statistic: Stats.MAXIMUM });
      add('iterator-age', `${id} is more than a minute behind.`, age, MAX_ITERATOR_AGE.toMilliseconds(), 3);
    }
  }
}

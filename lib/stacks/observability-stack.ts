import { CfnOutput, CrossStackReferences, Duration, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageSettings } from '#lib/config';
import { AlarmTopic } from '#lib/constructs/alarm-topic';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { FunctionAlarms } from '#lib/constructs/function-alarms';
import { LossAlarm } from '#lib/constructs/loss-alarm';
import { NodeFunction } from '#lib/constructs/node-function';

const PERIOD = Duration.minutes(5);
/** The gateway gives up after 30 s, its functions after 28. */
const MAX_LATENCY = Duration.seconds(22);
const MAX_SHARE_OF_CONCURRENCY = 0.8;

export interface ObservabilityStackProps extends StackProps {
  readonly settings: StageSettings;
  /** Everything in them that can fail is watched. */
  readonly watched: readonly Stack[];
  /** The one among them whose functions answer requests. */
  readonly api: Stack;
}

/** Alarms on what AWS itself measures, and on what the stage itself finds out, each with what users lose, and the topic that tells people. */
export class ObservabilityStack extends Stack {
  readonly #topic: AlarmTopic;

  constructor(scope: Construct, id: string, { settings, watched, api, ...props }: ObservabilityStackProps) {
    super(scope, id, props);
    // an export that an alarm imports could never be taken away again together with its function
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    this.#topic = new AlarmTopic(this, 'Topic', { email: settings.alarmEmail });
    const found = watched.flatMap((stack) => stack.node.findAll());
    this.#watchFunctions(found, api);
    for (const each of found) {
      if (each instanceof DeadLetterQueue) this.#watchDeadLetters(each);
      if (each instanceof StateMachine) this.#watchMachine(each);
      if (each instanceof HttpApi) this.#watchApi(each);
    }
    this.#watchAccount(settings);
    this.#watchFindings(settings);
    new CfnOutput(this, 'AlarmTopicArn', { value: this.#topic.topicArn });
  }

  #watchFunctions(found: readonly Construct[], api: Stack) {
    const streamReaders = found
      .filter((each) => each instanceof CfnEventSourceMapping)
      .flatMap(({ startingPosition, functionName }) => (startingPosition ? [functionName] : []));
    for (const each of found.filter((one): one is NodeFunction => one instanceof NodeFunction && !one.isCovered)) {
      new FunctionAlarms(this, each.node.id, {
        watched: each,
        answersRequests: Stack.of(each) === api,
        readsStream: streamReaders.includes(each.functionName),
        topic: this.#topic,
      });
    }
  }

  #watchDeadLetters(queue: DeadLetterQueue) {
    const beside = queue.node.scope?.node.children.filter((each) => each instanceof NodeFunction) ?? [];
    if (beside.length === 0) throw new Error(`${queue.node.path} lies beside no function: nobody knows what is lost`);
    const names = beside.map(({ node }) => node.id).join(', ');
    const impacts = beside.map(({ errorImpact }) => errorImpact).join(' ');
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
    const loss = `Work of ${names} was given up and waits for an operator in a dead-letter queue. ${impacts}`;
    this.#alarm(`${names}-dead-letters`, metric, 0, loss);
  }

  #watchMachine(machine: StateMachine) {
    const name = machine.node.scope?.node.scope?.node.id ?? machine.node.id;
    const over = { period: PERIOD, statistic: Stats.SUM };
    const hour = { period: Duration.hours(1), statistic: Stats.SUM };
    // an execution has the color of its session, and single sessions may fail
    const failures = new MathExpression({
      expression: 'IF(failed > 5, 100 * failed / (failed + succeeded), 0)',
      usingMetrics: { failed: machine.metricFailed(hour), succeeded: machine.metricSucceeded(hour) },
      period: hour.period,
      label: 'executions that failed, in percent',
    });
    const drivesSessions = name === 'SessionLifecycle';
    const what = drivesSessions ? 'sessions' : 'executions';
    this.#alarm(`${name}-failed`, failures, 50, `More than half of the ${what} that end, end without success.`);
    // the other machines wait for nobody for long, and share the account's limit of transitions with this one
    if (!drivesSessions) return;
    this.#alarm(`${name}-timed-out`, machine.metricTimedOut(over), 0, 'A session was not ended for a year.');
    this.#alarm(
      `${name}-throttled`,
      machine.metricThrottled(over),
      0,
      'Sessions, trainings and datasets come late: AWS slows down the state transitions of the account.',
    );
  }

  #watchApi(api: HttpApi) {
    const over = { period: PERIOD, statistic: Stats.SUM };
    const failures = new MathExpression({
      expression: '100 * failed / requests',
      usingMetrics: { failed: api.metricServerError(over), requests: api.metricCount(over) },
      period: PERIOD,
      label: 'requests answered with 5xx, in percent',
    });
    this.#alarm('api-errors', failures, 1, 'More than 1 % of the requests of people, programs and agents fail.');
    const latency = api.metricLatency({ period: PERIOD, statistic: Stats.p(99) });
    const loss = 'Requests take so long that some will be cut off by the gateway.';
    this.#alarm('api-latency', latency, MAX_LATENCY.toMilliseconds(), loss);
  }

  #watchAccount({ concurrencyQuota }: StageSettings) {
    const ofLambda = (metricName: string, statistic: string) =>
      new Metric({ namespace: 'AWS/Lambda', metricName, statistic, period: PERIOD });
    this.#alarm(
      'account-throttles',
      ofLambda('Throttles', Stats.SUM),
      0,
      'Functions of this account are refused executions: requests fail and work comes late.',
    );
    this.#alarm(
      'account-concurrency',
      ofLambda('ConcurrentExecutions', Stats.MAXIMUM),
      MAX_SHARE_OF_CONCURRENCY * concurrencyQuota,
      'Little is left of the executions that the account may run at a time; beyond, requests fail and work comes late.',
    );
  }

  /** One alarm for all that the stage itself finds out: each costs as much as all of them together. */
  #watchFindings({ stage }: StageSettings) {
    const metric = new Metric({
      namespace: 'IndustrialOrchestrator',
      metricName: 'attention',
      dimensionsMap: { stage },
      statistic: Stats.SAMPLE_COUNT,
      period: PERIOD,
    });
    const loss =
      'Slots or units were counted wrong, a session, training or dataset was given up, or nobody knows how a training stands: the log says which.';
    this.#alarm('attention', metric, 0, loss);
  }

  #alarm(name: string, metric: IMetric, threshold: number, loss: string) {
    new LossAlarm(this, name, { metric, threshold, loss, topic: this.#topic });
  }
}

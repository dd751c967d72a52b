import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type NodeFunctionProps } from '#lib/constructs/node-function';
import type { FunctionName } from '#lib/functions';

const TIMEOUT = Duration.seconds(20);
const ATTEMPTS = 5;

export interface QueueConsumerProps extends Omit<NodeFunctionProps, 'timeout'> {
  readonly bus: EventBus;
  /** Function, and the name by which events ask for it in `detail.internal.consumers`. */
  readonly consumer: FunctionName;
}

/** Feeds the events that name a consumer to its function: rule → queue → function. What fails five times is kept. */
export class QueueConsumer extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { bus, consumer, ...props }: QueueConsumerProps) {
    super(scope, id);
    this.function = new NodeFunction(this, consumer, { ...props, timeout: TIMEOUT });
    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // a message that a slow invocation still holds must not be given to another one
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: ATTEMPTS },
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      description: `Events that ${consumer} acts on`,
      eventPattern: { source: ['iorch'], detail: { internal: { consumers: [consumer] } } },
      targets: [new SqsQueue(queue, { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) })],
    });
    this.function.addEventSource(
      new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 20, reportBatchItemFailures: true }),
    );
  }
}

import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

const PERIOD = Duration.minutes(1);
/** As long as Lambda keeps a call. */
const PATIENCE = Duration.hours(6);

export interface TrainingPollerProps extends StageProps {
  readonly table: TenantTable;
  readonly bus: EventBus;
  readonly machine: AslStateMachine;
}

/** Looks at trainings under way: once a minute at all of them, and at once at one that is to be stopped, or whose execution is lost. A look that failed is made up for by the next tick; that an execution has ended is said once, and told for hours. */
export class TrainingPoller extends Construct {
  readonly function: NodeFunction;
  /** Takes what the poller could not be told. */
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, { table, bus, machine, settings, code }: TrainingPollerProps) {
    super(scope, id);
    this.function = new NodeFunction(this, 'poll-training', {
      settings,
      code,
      timeout: Duration.seconds(55),
      environment: { TABLE_NAME: table.tableName },
    });
    table.grantRead(this.function);
    table.grantWrite(this.function);
    table.grantDueWork(this.function);
    machine.grantTaskSuccess(this.function);
    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    this.deadLetterQueue = deadLetterQueue;
    this.function.configureAsyncInvoke({
      // no tick needs it, but what tells that an execution has ended comes once
      retryAttempts: 2,
      maxEventAge: PATIENCE,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    const target = () => new LambdaFunction(this.function, { deadLetterQueue, retryAttempts: 2, maxEventAge: PERIOD });
    new Rule(this, 'Schedule', {
      description: 'Looks every minute at trainings under way',
      schedule: Schedule.rate(PERIOD),
      targets: [target()],
    });
    new Rule(this, 'Ended', {
      description: 'Trainings whose execution ended without success',
      eventPattern: machine.endedWithoutSuccess(),
      targets: [
        new LambdaFunction(this.function, { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) }),
      ],
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      description: 'Events that poll-training acts on',
      eventPattern: { source: ['iorch'], detail: { internal: { consumers: ['poll-training'] } } },
      targets: [target()],
    });
  }
}

import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { AslStateMachine } from '#lib/constructs/asl-state-machine';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

const PATIENCE = Duration.hours(6);

export interface ExecutionRescueProps extends StageProps {
  readonly table: TenantTable;
  readonly machine: AslStateMachine;
}

/** Starts the next run of a session whose execution ended red. Without a queue between: it happens seldom, and a queue is polled always. */
export class ExecutionRescue extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { table, machine, settings, code }: ExecutionRescueProps) {
    super(scope, id);
    const recover = new NodeFunction(this, 'recover-session', {
      settings,
      code,
      timeout: Duration.seconds(20),
      environment: { TABLE_NAME: table.tableName },
    });
    this.function = recover;
    table.grantRead(recover);
    table.grantWrite(recover);
    table.grantTally(recover);
    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    recover.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: PATIENCE,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    new Rule(this, 'Ended', {
      description: 'Executions that ended without success',
      eventPattern: machine.endedWithoutSuccess(),
      targets: [new LambdaFunction(recover, { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) })],
    });
  }
}

import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

const PERIOD = Duration.minutes(1);

export interface LeaseSweeperProps extends StageProps {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
}

/** Ends, once a minute, what its owner no longer renews, and erases what was deleted long ago. A failed sweep is not repeated: the next one does its work. */
export class LeaseSweeper extends Construct {
  readonly function: NodeFunction;

  constructor(scope: Construct, id: string, { table, artifacts, settings, code }: LeaseSweeperProps) {
    super(scope, id);
    this.function = new NodeFunction(this, 'sweeper', {
      settings,
      code,
      timeout: Duration.seconds(55),
      environment: { TABLE_NAME: table.tableName, ...artifacts.environment },
    });
    table.grantRead(this.function, 'gsi1', 'gsi2');
    table.grantWrite(this.function);
    table.grantTally(this.function);
    table.grantDueWork(this.function);
    artifacts.grantList(this.function);
    artifacts.grantDelete(this.function);
    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    this.function.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: PERIOD,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    new Rule(this, 'Schedule', {
      description: 'Looks every minute for leases and deadlines that have passed',
      schedule: Schedule.rate(PERIOD),
      targets: [new LambdaFunction(this.function, { deadLetterQueue, retryAttempts: 2, maxEventAge: PERIOD })],
    });
  }
}

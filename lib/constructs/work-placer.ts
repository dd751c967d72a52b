import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

/** By then the sweeper has placed what waits. */
const PATIENCE = Duration.minutes(5);

export interface WorkPlacerProps extends StageProps {
  readonly table: TenantTable;
  readonly bus: EventBus;
}

/** Routes waiting work again when an agent may take more. Without a queue between: what fails twice more is the sweeper's. */
export class WorkPlacer extends Construct {
  constructor(scope: Construct, id: string, { table, bus, settings, code }: WorkPlacerProps) {
    super(scope, id);
    const place = new NodeFunction(this, 'place-work', {
      settings,
      code,
      timeout: Duration.seconds(20),
      environment: { TABLE_NAME: table.tableName },
    });
    table.grantRead(place, 'gsi1', 'gsi2');
    table.grantWrite(place);
    table.grantTally(place);
    const deadLetterQueue = new DeadLetterQueue(this, 'Dead');
    place.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: PATIENCE,
      onFailure: new SqsDestination(deadLetterQueue),
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      description: 'Events after which an agent may take more work',
      eventPattern: { source: ['iorch'], detail: { internal: { consumers: ['place-work'] } } },
      targets: [new LambdaFunction(place, { deadLetterQueue, retryAttempts: 185, maxEventAge: PATIENCE })],
    });
  }
}

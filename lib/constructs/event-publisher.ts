import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { PREFIX } from '#adapters/dynamodb/table';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import type { TenantTable } from '#lib/constructs/tenant-table';

/** One per shard of the stream at a time; a shard takes what a partition of the table can write. */
const CONCURRENCY = 20;

export interface EventPublisherProps extends StageProps {
  readonly table: TenantTable;
  readonly bus: EventBus;
}

/** Puts every event that a transaction recorded on the bus, in the order of its stream. What cannot be published is kept. */
export class EventPublisher extends Construct {
  constructor(scope: Construct, id: string, { table, bus, settings, code }: EventPublisherProps) {
    super(scope, id);
    const publisher = new NodeFunction(this, 'publisher', {
      settings,
      code,
      timeout: Duration.seconds(30),
      // a burst of requests must not keep events from being published
      reservedConcurrency: CONCURRENCY,
      environment: {
        TABLE_NAME: table.tableName,
        EVENT_BUS_NAME: bus.eventBusName,
        STREAM_FAILURES: settings.streamFailures,
      },
    });
    bus.grantPutEventsTo(publisher);
    table.grantStreamRead(publisher);
    new EventSourceMapping(this, 'Stream', {
      target: publisher,
      eventSourceArn: table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(PREFIX.event) } } },
        }),
      ],
      batchSize: 100,
      retryAttempts: 20,
      maxRecordAge: Duration.hours(1),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(new DeadLetterQueue(this, 'Dead')),
    });
  }
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { eventOfImage } from '#adapters/dynamodb/stream-event';
import type { EventBus } from '#application/ports/event-bus';

const isEvent = ({ eventName, dynamodb }: DynamoDBRecord) =>
  eventName === 'INSERT' && dynamodb?.Keys?.['sk']?.S?.startsWith('E#') === true;

/**
 * Publishes the recorded events of a stream batch in order.
 * `partial` answers the first record that was not taken, so that the stream goes on from there; `throw` fails the batch
 * as a whole, for engines that do not read partial answers. Consumers see an event at least once either way.
 */
export const makeStreamPublisher =
  ({ bus, failures }: { bus: EventBus; failures: 'partial' | 'throw' }) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const records = Records.filter(isEvent);
    const events = records.map(({ dynamodb }) => eventOfImage(dynamodb?.NewImage as Record<string, AttributeValue>));
    const taken = await bus.publish(events);
    if (taken === events.length) return { batchItemFailures: [] };
    const sequenceNumber = records[taken]?.dynamodb?.SequenceNumber;
    if (failures === 'throw' || sequenceNumber === undefined)
      throw new Error(`the bus took ${taken} of ${events.length} events`);
    return { batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
  };

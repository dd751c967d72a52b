import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { bus } from '#runtime/event-bus';
import { ports } from '#runtime/ports';
import { makeStreamPublisher } from '#runtime/stream-publisher';

/** Puts every committed event on the bus. Nothing else publishes. */
export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
  makeStreamPublisher({ bus: bus(), failures: ports().environment.STREAM_FAILURES })(event);

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { ports } from '#runtime/ports';
import { makeStreamPublisher } from '#runtime/stream-publisher';

/** Puts every committed event on the bus. Nothing else publishes. */
export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
  const { bus, environment } = ports();
  return makeStreamPublisher({ bus: bus(), failures: environment.STREAM_FAILURES })(event);
};

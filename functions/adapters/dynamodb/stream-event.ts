import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { PublishedEvent } from '#application/ports/event-bus';

/** The event that a stream's image of an event item holds. */
export const eventOfImage = (image: Record<string, AttributeValue>): PublishedEvent =>
  unmarshall(image) as PublishedEvent;

import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus, PublishedEvent } from '#application/ports/event-bus';

const SOURCE = 'iorch';
const BATCH = 10;

const entry = (busName: string, event: PublishedEvent) => ({
  EventBusName: busName,
  Source: SOURCE,
  DetailType: event.type,
  Time: new Date(event.timestamp),
  Detail: JSON.stringify({
    type: event.type,
    payload: event.payload,
    timestamp: event.timestamp,
    seq: event.seq,
    stream: event.stream,
    tenant_id: event.tenantId,
    event_id: event.eventId,
    internal: event.internal ?? {},
  }),
});

/** The bus on EventBridge. */
export const makeEventBus = (client: EventBridgeClient, busName: string): EventBus => ({
  async publish(events) {
    for (let start = 0; start < events.length; start += BATCH) {
      const Entries = events.slice(start, start + BATCH).map((event) => entry(busName, event));
      const answer = await client.send(new PutEventsCommand({ Entries }));
      const refused = (answer.Entries ?? []).findIndex(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused >= 0) return start + refused;
    }
    return events.length;
  },
});

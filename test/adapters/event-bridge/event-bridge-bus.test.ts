import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { makeEventBus } from '#adapters/event-bridge/event-bridge-bus';
import type { PublishedEvent } from '#application/ports/event-bus';
import { NOON } from '#test/support/a-session';
import { aRecordingClient } from '#test/support/recording-client';

const anEvent = (seq: number, fields: Partial<PublishedEvent> = {}): PublishedEvent => ({
  stream: 'session:S',
  seq,
  type: 'session.created',
  payload: { title: 'Say hello' },
  timestamp: NOON,
  eventId: `E${seq}`,
  tenantId: 'T',
  ...fields,
});
const events = (count: number) => Array.from({ length: count }, (_, index) => anEvent(index + 1));
const taken = (count: number) => ({ Entries: Array.from({ length: count }, () => ({ EventId: 'id' })) });
const refused = { ErrorCode: 'ThrottlingException' };

const busThatAnswers = (...answers: readonly unknown[]) => {
  const { client, sent } = aRecordingClient<EventBridgeClient>(...answers);
  return {
    bus: makeEventBus(client, 'iorch-test'),
    entries: () => sent.map(({ input }) => input['Entries'] as object[]),
  };
};

describe('the event bus', () => {
  it('carries the whole event, its tenant and who must act on it', async () => {
    const { bus, entries } = busThatAnswers(taken(1));
    const internal = { consumers: ['wake'], wake: ['S2'] } as const;
    expect(await bus.publish([anEvent(1, { internal })])).toBe(1);
    const [[entry]] = entries() as [[{ Detail: string }]];
    expect(entry).toMatchObject({
      EventBusName: 'iorch-test',
      Source: 'iorch',
      DetailType: 'session.created',
      Time: new Date(NOON),
    });
    expect(JSON.parse(entry.Detail)).toEqual({
      type: 'session.created',
      payload: { title: 'Say hello' },
      timestamp: NOON,
      seq: 1,
      stream: 'session:S',
      tenant_id: 'T',
      event_id: 'E1',
      internal,
    });
  });

  it('says that nobody must act where the event does not name anybody', async () => {
    const { bus, entries } = busThatAnswers(taken(1));
    await bus.publish([anEvent(1)]);
    const [[entry]] = entries() as [[{ Detail: string }]];
    expect(JSON.parse(entry.Detail)).toMatchObject({ internal: {} });
  });

  it('takes ten at a time, in order', async () => {
    const { bus, entries } = busThatAnswers(taken(10), taken(10), taken(3));
    expect(await bus.publish(events(23))).toBe(23);
    const seqs = entries().map((batch) => batch.map((entry) => JSON.parse((entry as { Detail: string }).Detail).seq));
    expect(seqs.map((batch) => batch.length)).toEqual([10, 10, 3]);
    expect(seqs.flat()).toEqual(events(23).map(({ seq }) => seq));
  });

  it('answers how many it took before the first refused one, and sends nothing behind it', async () => {
    const { bus, entries } = busThatAnswers(taken(10), { Entries: [{ EventId: 'id' }, refused, { EventId: 'id' }] });
    expect(await bus.publish(events(25))).toBe(11);
    expect(entries()).toHaveLength(2);
  });

  it('sends nothing when there is nothing', async () => {
    const { bus, entries } = busThatAnswers();
    expect(await bus.publish([])).toBe(0);
    expect(entries()).toEqual([]);
  });

  it('that cannot be reached is an error', async () => {
    await expect(busThatAnswers(new Error('no connection')).bus.publish(events(1))).rejects.toThrow('no connection');
  });
});

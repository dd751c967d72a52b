import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { EventBus, PublishedEvent } from '#application/ports/event-bus';
import { sqsConsumer } from '#runtime/sqs-consumer';
import { makeStreamPublisher } from '#runtime/stream-publisher';

const record = (seq: number, fields: object = {}) => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: `n${seq}`,
    Keys: marshall({ pk: 'T#1#S#2', sk: `E#${seq}` }),
    NewImage: marshall({ type: 'session.created', seq, tenantId: '1', payload: {} }),
  },
  ...fields,
});

const batch = (...Records: object[]) => ({ Records }) as unknown as DynamoDBStreamEvent;

const aBus = (takes: number) => {
  const published: PublishedEvent[] = [];
  const bus: EventBus = {
    async publish(events) {
      published.push(...events.slice(0, takes));
      return Math.min(takes, events.length);
    },
  };
  return { bus, published };
};

describe('the publisher', () => {
  it('publishes every recorded event of a batch in order, and nothing else', async () => {
    const { bus, published } = aBus(10);
    const other = { ...record(9), dynamodb: { ...record(9).dynamodb, Keys: marshall({ pk: 'x', sk: 'SESSION' }) } };
    const changed = record(8, { eventName: 'MODIFY' });
    const answer = await makeStreamPublisher({ bus, failures: 'partial' })(batch(record(1), other, changed, record(2)));
    expect(published.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it('answers the first event that the bus did not take, so that the stream goes on from there', async () => {
    const answer = await makeStreamPublisher({ bus: aBus(1).bus, failures: 'partial' })(
      batch(record(1), record(2), record(3)),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'n2' }] });
  });

  it('fails the whole batch where partial answers are not read', async () => {
    const publish = makeStreamPublisher({ bus: aBus(1).bus, failures: 'throw' });
    await expect(publish(batch(record(1), record(2)))).rejects.toThrow('1 of 2');
  });
});

describe('a consumer of the bus', () => {
  const message = (messageId: string, body: unknown) => ({
    messageId,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const event = (event_id: string, internal: object) => ({ detail: { tenant_id: 'T', event_id, internal } });

  it('gets each message by itself, and only the failed ones again', async () => {
    const seen: string[] = [];
    const consume = sqsConsumer(async ({ event_id, internal }) => {
      if (event_id === 'bad') throw new Error('the table does not answer');
      seen.push(`${event_id} ${internal.wake.join()}`);
    });
    const messages = [
      message('1', event('a', { wake: ['S1', 'S2'] })),
      message('2', event('bad', {})),
      message('3', 'garbage'),
      message('4', event('b', {})),
    ];
    expect(await consume({ Records: messages } as unknown as SQSEvent)).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }],
    });
    expect(seen).toEqual(['a S1,S2', 'b ']);
  });
});

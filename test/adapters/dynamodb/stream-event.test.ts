import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { eventOfImage } from '#adapters/dynamodb/stream-event';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { NOON } from '#test/support/a-session';

it('an event read from the stream is the one that was committed, with its tenant and its unpublished part', async () => {
  const event = {
    stream: 'session:S',
    seq: 2,
    type: 'session.status_changed',
    payload: { new_status: 'queued' },
    timestamp: NOON,
    internal: { consumers: ['wake'], wake: ['OTHER'] },
  } as const;
  const engine = makeMemoryEngine();
  await makeTenantStore(engine, 'A').commit([{ kind: 'event', event, eventId: 'E' }]);
  const [image] = engine.items().map((item) => marshall(item));
  expect(eventOfImage(image ?? {})).toMatchObject({ ...event, eventId: 'E', tenantId: 'A' });
});

import { describe, expect, it } from 'vitest';
import { makeWaitStore } from '#adapters/dynamodb/wait-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';

const wait = {
  sessionId: 'S',
  run: 1,
  state: 'claim-slot',
  taskToken: 'token',
  since: '2026-05-04T12:00:00.000Z',
} as const;
const outage = new Error('the table does not answer');

describe('the wait of a session on a failing table', () => {
  const store = makeWaitStore({ ...makeMemoryEngine(), transact: () => Promise.reject(outage) }, 'A');

  it('is not taken for stored, nor for that of a later run', async () => {
    await expect(store.putWait(wait)).rejects.toBe(outage);
  });

  it('is not taken for removed', async () => {
    await expect(store.removeWait(wait)).rejects.toBe(outage);
  });
});

import { describe, expect, it } from 'vitest';
import { NotFound, PreconditionFailed, QuotaExceeded } from '#domain/errors';
import { InvalidTransition } from '#domain/session/invalid-transition';
import { aWorld, person } from '#test/support/world';

const queue = { onQuota: 'queue', actor: person } as const;

describe('starting a session', () => {
  it('queues it, takes the slot and asks for its execution', async () => {
    const { create, startSession, holders, internals } = await aWorld();
    const { id } = await create();
    expect(await startSession({ sessionId: id, ...queue })).toMatchObject({ status: 'queued', version: 2, run: 1 });
    expect(holders()).toEqual([id]);
    expect(internals()).toEqual([{ consumers: ['start-execution'], run: { sessionId: id, number: 1 } }]);
  });

  it('twice is an error, and changes nothing', async () => {
    const { create, startSession, everything } = await aWorld();
    const { id } = await create();
    await startSession({ sessionId: id, ...queue });
    const before = everything();
    await expect(startSession({ sessionId: id, ...queue })).rejects.toThrow(InvalidTransition);
    expect(everything()).toEqual(before);
  });

  it('by two people at once starts it once', async () => {
    const { create, startSession, engine, gate } = await aWorld();
    const { id } = await create();
    engine.before('session', () => startSession({ sessionId: id, ...queue }));
    await expect(startSession({ sessionId: id, ...queue })).rejects.toThrow(InvalidTransition);
    expect(await gate()).toMatchObject({ held: 1, waiting: 0 });
  });

  it('that would have to wait, with `reject`, leaves it pending', async () => {
    const { create, startSession, store } = await aWorld({ limit: 1 });
    await create({ start: true });
    const { id } = await create();
    await expect(startSession({ sessionId: id, ...queue, onQuota: 'reject' })).rejects.toThrow(QuotaExceeded);
    expect(await store.getSession(id)).toMatchObject({ status: 'pending', version: 1 });
  });

  it('for a version that is not the current one is refused', async () => {
    const { create, startSession } = await aWorld();
    const { id } = await create();
    await expect(startSession({ sessionId: id, ...queue, ifVersion: 2 })).rejects.toThrow(PreconditionFailed);
    expect(await startSession({ sessionId: id, ...queue, ifVersion: 1 })).toMatchObject({ status: 'queued' });
  });

  it('remembers the answer in the same change', async () => {
    const { create, startSession, store } = await aWorld();
    const { id } = await create();
    const record = {
      digest: 'key',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 200,
      body: 'answer',
      expiresAt: '2027-01-01T00:00:00.000Z',
    };
    await startSession({ sessionId: id, ...queue, remember: () => record });
    expect(await store.findIdempotency('key')).toEqual(record);
  });

  it('of another tenant finds none', async () => {
    const world = await aWorld();
    const foreign = await (await world.addTenant('B')).create();
    await expect(world.startSession({ sessionId: foreign.id, ...queue })).rejects.toThrow(NotFound);
  });
});

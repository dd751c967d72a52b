import { describe, expect, it } from 'vitest';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, person } from '#test/support/world';

/** The only slot is taken, and one session waits for it whose time in the queue is used up; nobody has looked at it since. */
const expiredWaiter = async () => {
  const world = await aWorld({ limit: 1 });
  const holder = await world.create({ start: true });
  const expired = await world.create({ start: true, queueTtlSeconds: 60 });
  await world.awaitSlot({ sessionId: expired.id, run: 1, taskToken: 'expired' });
  const cancel = (sessionId: string) => world.cancelSession({ sessionId, actor: person });
  return { ...world, world, holder, expired, cancel };
};

describe('a session whose time in the queue is used up', () => {
  it('is not given the slot that is freed then, and times out when its wait is looked at', async () => {
    const { world, holder, expired, cancel, clock, holders, sweepWaits, sweepGates, store } = await expiredWaiter();
    clock.advance(60);
    await cancel(holder.id);
    expect(holders()).toEqual([]);
    expect(world.internals().at(-1)).toEqual({
      consumers: ['stop-execution'],
      run: { sessionId: holder.id, number: 1 },
    });
    await sweepGates();
    expect(holders()).toEqual([]);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
    expect(await store.getSession(expired.id)).toMatchObject({ status: 'timeout', statusReason: 'queue_ttl' });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('is let in a moment before that', async () => {
    const { holder, expired, cancel, clock, holders } = await expiredWaiter();
    clock.advance(59);
    await cancel(holder.id);
    expect(holders()).toEqual([expired.id]);
  });

  it('is passed over for the next one', async () => {
    const { world, holder, expired, cancel, clock, holders, waiters, create } = await expiredWaiter();
    const next = await create({ start: true });
    clock.advance(60);
    await cancel(holder.id);
    expect([holders(), waiters()]).toEqual([[next.id], [expired.id]]);
    expect(world.internals().at(-1)).toMatchObject({ wake: [next.id] });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('keeps nobody who starts then from a free slot, not even one who would rather be refused than wait', async () => {
    const { world, holder, cancel, clock, create, holders } = await expiredWaiter();
    clock.advance(60);
    await cancel(holder.id);
    const { id } = await create({ start: true, onQuota: 'reject' });
    expect(holders()).toEqual([id]);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('makes room, when it is gone, for one who was put behind it although a slot is free', async () => {
    const { world, holder, expired, cancel, clock, create, holders, waiters, updateSession, sweepWaits } =
      await expiredWaiter();
    clock.advance(60);
    await cancel(holder.id);
    await updateSession({ sessionId: expired.id, patch: { queueTtlSeconds: 90 } });
    const { id } = await create({ start: true });
    expect([holders(), waiters()]).toEqual([[], [expired.id, id]]);
    clock.advance(60);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
    expect([holders(), waiters()]).toEqual([[id], []]);
    expect(world.internals().at(-1)).toMatchObject({ consumers: ['wake'], wake: [id, expired.id] });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });
});

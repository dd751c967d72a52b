import { describe, expect, it } from 'vitest';
import { NOON } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

/** A session that holds the only slot, and one that waits for it. */
const holderAndWaiter = async () => {
  const world = await aWorld({ limit: 1 });
  const holder = await world.create({ start: true });
  const waiter = await world.create({ start: true });
  const release = () => world.cancelSession({ sessionId: holder.id, actor: person });
  const wait = { sessionId: waiter.id, run: 1, taskToken: 'token' };
  return { ...world, release, waiter, wait };
};

describe('waiting for a slot', () => {
  it('is over at once for a session that holds one', async () => {
    const { create, awaitSlot, tokens, everything } = await aWorld();
    const { id } = await create({ start: true });
    const before = everything();
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'token' });
    expect(tokens.completed).toEqual(['token']);
    expect(everything()).toEqual(before);
  });

  it('stores the token while somebody else holds the slot', async () => {
    const { awaitSlot, wait, tokens, store, waiter } = await holderAndWaiter();
    await awaitSlot(wait);
    expect(tokens.completed).toEqual([]);
    expect(await store.findWait(waiter.id)).toEqual({
      ...wait,
      state: 'claim-slot',
      since: NOON,
      dueAt: '2026-05-05T12:00:00.000Z',
    });
  });

  it('ends by itself when the slot is granted before the token is stored', async () => {
    const { awaitSlot, wait, tokens, engine, release, store, waiter } = await holderAndWaiter();
    engine.before('wait', release);
    await awaitSlot(wait);
    expect(tokens.completed).toEqual(['token']);
    expect(await store.findWait(waiter.id)).toMatchObject({ state: 'on-the-way' });
  });

  it('ends when the slot is granted, and its wake arrives, right after the token is stored', async () => {
    const { awaitSlot, wakeSession, wait, tokens, engine, release, waiter, store } = await holderAndWaiter();
    engine.after('wait', async () => {
      await release();
      await wakeSession(waiter.id);
    });
    await awaitSlot(wait);
    expect(tokens.completed).toContain('token');
    expect(await store.findWait(waiter.id)).toMatchObject({ state: 'on-the-way' });
  });

  it('ends by the wake that the grant announces', async () => {
    const { awaitSlot, wakeSession, wait, tokens, release, waiter, internals, store } = await holderAndWaiter();
    await awaitSlot(wait);
    await release();
    expect(internals().at(-1)).toMatchObject({ consumers: ['stop-execution', 'wake'], wake: [waiter.id] });
    expect(await wakeSession(waiter.id)).toBe(true);
    expect(tokens.completed).toEqual(['token']);
    expect(await store.findWait(waiter.id)).toMatchObject({ state: 'on-the-way' });
  });

  it('begun twice waits under the newer token', async () => {
    const { awaitSlot, wait, store, waiter, tokens } = await holderAndWaiter();
    await awaitSlot(wait);
    await awaitSlot({ ...wait, taskToken: 'newer' });
    expect(await store.findWait(waiter.id)).toMatchObject({ taskToken: 'newer' });
    expect(tokens.completed).toEqual([]);
  });

  it('of an execution that no longer drives the session is over', async () => {
    const { create, awaitSlot, tokens, everything } = await aWorld({ limit: 1 });
    await create({ start: true });
    const { id } = await create({ start: true });
    const before = everything();
    await awaitSlot({ sessionId: id, run: 0, taskToken: 'stale' });
    expect(tokens.completed).toEqual(['stale']);
    expect(everything()).toEqual(before);
  });

  it('of an earlier run leaves the wait of the later one alone', async () => {
    const { awaitSlot, wait, store, waiter, tokens } = await holderAndWaiter();
    await awaitSlot(wait);
    await awaitSlot({ ...wait, run: 0, taskToken: 'stale' });
    expect(tokens.completed).toEqual(['stale']);
    expect(await store.findWait(waiter.id)).toMatchObject({ taskToken: 'token' });
  });

  it('that a later run overtakes on its way is over, and leaves that one alone', async () => {
    const { awaitSlot, wait, store, waiter, tokens, engine, recoverSession } = await holderAndWaiter();
    engine.before('wait', async () => {
      await recoverSession({ sessionId: waiter.id, run: 1 });
      await awaitSlot({ ...wait, run: 2, taskToken: 'later' });
    });
    await awaitSlot(wait);
    expect(tokens.completed).toEqual(['token']);
    expect(await store.findWait(waiter.id)).toMatchObject({ run: 2, taskToken: 'later' });
  });

  it('of a session that was cancelled is over', async () => {
    const { awaitSlot, wait, tokens, cancelSession, waiter, store } = await holderAndWaiter();
    await cancelSession({ sessionId: waiter.id, actor: person });
    await awaitSlot(wait);
    expect(tokens.completed).toEqual(['token']);
    expect(await store.findWait(waiter.id)).toBeUndefined();
  });
});

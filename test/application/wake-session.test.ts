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

describe('a wake', () => {
  it('of a wait that is not over changes nothing', async () => {
    const { awaitSlot, wakeSession, wait, tokens, waiter, everything } = await holderAndWaiter();
    await awaitSlot(wait);
    const before = everything();
    expect(await wakeSession(waiter.id)).toBe(false);
    expect(tokens.completed).toEqual([]);
    expect(everything()).toEqual(before);
  });

  it('that comes twice completes the token once', async () => {
    const { awaitSlot, wakeSession, wait, tokens, waiter, release } = await holderAndWaiter();
    await awaitSlot(wait);
    await release();
    expect([await wakeSession(waiter.id), await wakeSession(waiter.id)]).toEqual([true, false]);
    expect(tokens.completed).toEqual(['token']);
  });

  it('of a session that waits for its agent looks at the work, not at the slot', async () => {
    const { running, wakeSession, submit, claim, agent, tokens } = await aWorld();
    const { id } = await running();
    const { id: agentId } = await agent();
    expect(await wakeSession(id)).toBe(false);
    const [granted] = (await claim(agentId)).granted;
    expect(await wakeSession(id)).toBe(false);
    await submit({ assignment: granted?.assignment ?? expect.fail() });
    expect(await wakeSession(id)).toBe(true);
    expect(tokens.completed).toEqual([`agent-${id}`]);
  });

  it('of a session whose work was not opened yet changes nothing', async () => {
    const { create, beginAttempt, store, wakeSession, tokens } = await aWorld();
    const { id } = await create({ start: true });
    await store.putWait({ sessionId: id, run: 1, state: 'run-on-agent', taskToken: 'token', since: NOON });
    await beginAttempt({ sessionId: id, run: 1 });
    expect(await wakeSession(id)).toBe(false);
    expect(tokens.completed).toEqual([]);
  });

  it('of a session without a wait changes nothing', async () => {
    const { create, wakeSession, tokens } = await aWorld();
    const { id } = await create({ start: true });
    expect(await wakeSession(id)).toBe(false);
    expect(tokens.completed).toEqual([]);
  });
});

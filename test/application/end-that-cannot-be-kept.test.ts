import { describe, expect, it } from 'vitest';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { recordingTokens } from '#test/support/ports-in-memory';
import { aWorldOn, person } from '#test/support/world';

/** A table that takes everything but items of some kinds, as one that an item has become too large or impossible for. */
const refusingEngine = () => {
  const memory = makeMemoryEngine();
  let refused: readonly string[] = [];
  return {
    ...memory,
    refuse: (...kinds: string[]) => {
      refused = kinds;
    },
    transact: async (operations: Parameters<typeof memory.transact>[0]) => {
      const found = operations.find(({ what }) => refused.includes(what));
      if (found) throw new Error(`a ${found.what} that cannot be kept`);
      await memory.transact(operations);
    },
  };
};

/** A session with an agent at work, another one that waits for its slot, and a table that refuses what is beside its end. */
const stuck = async (...kinds: string[]) => {
  const world = await aWorldOn(refusingEngine(), recordingTokens(), { limit: 1 });
  const { session, granted } = await world.working();
  const waiter = await world.create({ start: true });
  world.engine.refuse(...kinds);
  const holders = () => world.engine.items().flatMap(({ entity, owner }) => (entity === 'holder' ? [owner] : []));
  return { ...world, session, granted, waiter, holders };
};

const CASES = [['attempt'], ['session-live'], ['agent'], ['assignment'], ['attempt', 'session-live', 'assignment']];

describe('a session whose end cannot be stored whole', () => {
  it.each(CASES)('ends orphaned, its slot handed on, after three recoveries: %s', async (...kinds) => {
    const { session, waiter, store, holders, recordOutcome, recoverSession } = await stuck(...kinds);
    for (const run of [1, 2, 3]) {
      await expect(recordOutcome({ sessionId: session.id, run, failure: 'broken' })).rejects.toThrow('cannot be kept');
      expect(await recoverSession({ sessionId: session.id, run })).toBe('recovered');
    }
    expect(await recoverSession({ sessionId: session.id, run: 4 })).toBe('orphaned');
    expect(await store.getSession(session.id)).toMatchObject({
      status: 'orphaned',
      statusReason: 'execution_lost',
      error: { code: 'SESSION_ORPHANED', message: expect.stringContaining('recovered') },
    });
    expect(holders()).toEqual([waiter.id]);
    expect(await recoverSession({ sessionId: session.id, run: 4 })).toBe('settled');
  });

  it.each(CASES)('can be cancelled, its slot handed on: %s', async (...kinds) => {
    const { session, waiter, store, holders, cancelSession } = await stuck(...kinds);
    await cancelSession({ sessionId: session.id, reason: 'enough', actor: person });
    expect(await store.getSession(session.id)).toMatchObject({ status: 'cancelled', statusReason: 'requested' });
    expect(holders()).toEqual([waiter.id]);
    expect(await store.findWait(session.id)).toBeUndefined();
  });

  it('still has its agent told to stop when only its figures are refused', async () => {
    const { session, granted, store, cancelSession } = await stuck('attempt');
    await cancelSession({ sessionId: session.id, actor: person });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'cancelled' });
  });

  it('is not ended when not even its head can be stored', async () => {
    const { session, store, cancelSession } = await stuck('session');
    await expect(cancelSession({ sessionId: session.id, actor: person })).rejects.toThrow('cannot be kept');
    expect(await store.getSession(session.id)).toMatchObject({ status: 'running' });
  });
});

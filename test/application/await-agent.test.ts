import { describe, expect, it } from 'vitest';
import { NOON } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

/** A session that is running and whose work is not in the dispatch queue yet. */
const begun = async (work: Parameters<Awaited<ReturnType<typeof aWorld>>['create']>[0] = {}) => {
  const world = await aWorld();
  const { id } = await world.create({ ...work, start: true });
  await world.beginAttempt({ sessionId: id, run: 1 });
  const wait = { sessionId: id, run: 1, taskToken: 'token' };
  return { ...world, id, wait, cancel: () => world.cancelSession({ sessionId: id, actor: person }) };
};

describe('waiting for an agent', () => {
  it('puts the work into the dispatch queue and stores the token', async () => {
    const { awaitAgent, wait, store, tokens, id } = await begun({
      requiredCapabilities: ['testing'],
      priority: 'high',
    });
    await awaitAgent(wait);
    const [work] = await store.listPending(10);
    expect(work).toMatchObject({ sessionId: id, attempt: 1, priority: 'high', requiredCapabilities: ['testing'] });
    expect(await store.findLive(id)).toMatchObject({ assignmentId: work?.id });
    expect(await store.findWait(id)).toEqual({
      ...wait,
      state: 'run-on-agent',
      since: NOON,
      dueAt: expect.any(String),
    });
    expect(tokens.completed).toEqual([]);
  });

  it('orders the queue by priority, then by time', async () => {
    const { running, store, clock } = await aWorld();
    const low = await running({ priority: 'low' });
    const first = await running();
    clock.advance(1);
    const second = await running();
    const critical = await running({ priority: 'critical' });
    const queue = await store.listPending(10);
    expect(queue.map(({ sessionId }) => sessionId)).toEqual([critical.id, first.id, second.id, low.id]);
  });

  it('begun twice opens the work once and waits under the newer token', async () => {
    const { awaitAgent, wait, store, tokens, id, items } = await begun();
    await awaitAgent(wait);
    await awaitAgent({ ...wait, taskToken: 'newer' });
    expect(items('assignment')).toHaveLength(1);
    expect(await store.findWait(id)).toMatchObject({ taskToken: 'newer' });
    expect(tokens.completed).toEqual([]);
  });

  it('begun twice at once opens the work once', async () => {
    const { awaitAgent, wait, engine, items } = await begun();
    engine.before('assignment', () => awaitAgent(wait));
    await awaitAgent(wait);
    expect(items('assignment')).toHaveLength(1);
  });

  it('is over when the work has ended already', async () => {
    const { awaitAgent, wait, claim, agent, submit, tokens, items } = await begun();
    await awaitAgent(wait);
    const [granted] = (await claim((await agent()).id)).granted;
    await submit({ assignment: granted?.assignment ?? expect.fail() });
    await awaitAgent({ ...wait, taskToken: 'later' });
    expect(tokens.completed).toEqual(['later']);
    expect(items('wait')).toMatchObject([{ state: 'on-the-way' }]);
  });

  it('is over when the work ends, and its wake arrives, while the token is stored', async () => {
    const { awaitAgent, wait, claim, agent, submit, tokens, engine, wakeSession, id, items } = await begun();
    const { id: agentId } = await agent();
    engine.after('assignment', async () => {
      const [granted] = (await claim(agentId)).granted;
      await submit({ assignment: granted?.assignment ?? expect.fail() });
      await wakeSession(id);
    });
    await awaitAgent(wait);
    expect(tokens.completed).toContain('token');
    expect(items('wait')).toMatchObject([{ state: 'on-the-way' }]);
  });

  it.each(['wait', 'assignment'])(
    'opens no work for a session cancelled right before its %s is stored',
    async (what) => {
      const { awaitAgent, wait, engine, cancel, tokens, items, clock, sweepWaits } = await begun();
      const settled = async () => {
        clock.advance(120);
        await sweepWaits();
      };
      engine.before(what, cancel);
      await awaitAgent(wait);
      expect(items('assignment').filter(({ state }) => state === 'pending')).toEqual([]);
      expect(tokens.completed).toEqual(['token']);
      await settled();
      expect(items('wait')).toEqual([]);
    },
  );

  it('ends the work and the wait of a session cancelled right after it is opened', async () => {
    const { awaitAgent, wait, engine, cancel, tokens, items } = await begun();
    engine.after('assignment', cancel);
    await awaitAgent(wait);
    expect(items('assignment').map(({ state }) => state)).toEqual(['cancelled']);
    expect(tokens.completed).toEqual(['token']);
    expect(items('wait')).toEqual([]);
  });

  it('of an execution that no longer drives the session opens nothing', async () => {
    const { awaitAgent, wait, tokens, items, store } = await begun();
    await awaitAgent({ ...wait, run: 0, taskToken: 'stale' });
    expect(tokens.completed).toEqual(['stale']);
    expect(items('assignment')).toEqual([]);
    await awaitAgent(wait);
    await awaitAgent({ ...wait, run: 0, taskToken: 'stale again' });
    expect(tokens.completed).toEqual(['stale', 'stale again']);
    expect(await store.findWait(wait.sessionId)).toMatchObject({ taskToken: 'token' });
  });

  it('of a session under way without live values is a fault', async () => {
    const { awaitAgent, wait, engine } = await begun();
    await engine.transact([
      { remove: { pk: `T#A#S#${wait.sessionId}`, sk: 'LIVE' }, condition: { kind: 'exists' }, what: 'session-live' },
    ]);
    await expect(awaitAgent(wait)).rejects.toThrow('live values');
  });
});

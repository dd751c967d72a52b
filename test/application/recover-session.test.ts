import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { NOON } from '#test/support/a-session';
import { aWorld, LEASE_SECONDS, person } from '#test/support/world';

const SILENCE = 120;

describe('a session whose driver was never reached', () => {
  it('is given to the next run 120 s after its start, and not earlier', async () => {
    const { create, clock, sweepWaits, store, internals } = await aWorld();
    const { id } = await create({ start: true });
    clock.advance(SILENCE - 1);
    expect(await sweepWaits()).toMatchObject({ recovered: 0, waiting: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ recovered: 1 });
    expect(await store.getSession(id)).toMatchObject({
      status: 'queued',
      run: 2,
      statusReason: 'recovered',
      version: 3,
    });
    expect(internals().at(-1)).toEqual({ consumers: ['start-execution'], run: { sessionId: id, number: 2 } });
  });

  it('fences the first run that comes after all', async () => {
    const { create, clock, sweepWaits, beginAttempt, judgeOutcome, recordOutcome, store } = await aWorld();
    const { id } = await create({ start: true });
    clock.advance(SILENCE);
    await sweepWaits();
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('superseded');
    expect(await judgeOutcome({ sessionId: id, run: 1 })).toBe('superseded');
    expect(await recordOutcome({ sessionId: id, run: 1, failure: 'late' })).toMatchObject({ status: 'queued' });
    expect(await beginAttempt({ sessionId: id, run: 2 })).toBe('begun');
    expect(await store.getSession(id)).toMatchObject({ status: 'running', run: 2 });
  });

  it('ends orphaned, its slot free, after three recoveries without progress', async () => {
    const { create, clock, sweepWaits, store, holders, items } = await aWorld();
    const { id } = await create({ start: true });
    for (const found of ['recovered', 'recovered', 'recovered', 'orphaned'] as const) {
      clock.advance(SILENCE);
      expect(await sweepWaits()).toMatchObject({ [found]: 1 });
    }
    expect(await store.getSession(id)).toMatchObject({
      status: 'orphaned',
      statusReason: 'execution_lost',
      error: { code: 'SESSION_ORPHANED' },
    });
    expect(holders()).toEqual([]);
    expect(await sweepWaits()).toMatchObject({ settled: 1 });
    expect(items('wait')).toEqual([]);
  });
});

describe('a session whose execution was lost', () => {
  it('goes on with its open assignment in the next run', async () => {
    const { working, recoverSession, beginAttempt, awaitAgent, submit, store, wakeSession, judgeOutcome } =
      await aWorld();
    const { session, granted } = await working();
    expect(await recoverSession({ sessionId: session.id, run: 1 })).toBe('recovered');
    const next = { sessionId: session.id, run: 2 };
    expect(await beginAttempt(next)).toBe('begun');
    await awaitAgent({ ...next, taskToken: 'second' });
    expect(await store.findLive(session.id)).toMatchObject({ assignmentId: granted.assignment.id });
    await submit(granted);
    expect(await wakeSession(session.id)).toBe(true);
    expect(await judgeOutcome(next)).toBe('completed');
  });

  it('is noticed when its token completes nothing: the next wait does not come', async () => {
    const { working, submit, wakeSession, clock, sweepWaits, judgeOutcome } = await aWorld();
    const { session, granted } = await working();
    await submit(granted);
    await wakeSession(session.id);
    clock.advance(SILENCE);
    expect(await sweepWaits()).toMatchObject({ recovered: 1 });
    expect(await judgeOutcome({ sessionId: session.id, run: 2 })).toBe('completed');
  });

  it('is noticed two minutes after it was granted its slot, however long it might have been queued', async () => {
    const { create, awaitSlot, cancelSession, wakeSession, clock, sweepWaits, store } = await aWorld({ limit: 1 });
    const holder = await create({ start: true });
    const { id } = await create({ start: true, queueTtlSeconds: 86_400 });
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'of an execution that is lost' });
    clock.advance(3600);
    await sweepWaits();
    await cancelSession({ sessionId: holder.id, actor: person });
    expect(await wakeSession(id)).toBe(true);
    clock.advance(SILENCE - 1);
    expect(await sweepWaits()).toMatchObject({ recovered: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ recovered: 1 });
    expect(await store.getSession(id)).toMatchObject({ status: 'queued', run: 2 });
  });

  it('counts recoveries anew once an agent got on with it', async () => {
    const { working, recoverSession, extendLease, clock, store } = await aWorld();
    const { session, granted } = await working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    for (const run of [1, 2, 3]) expect(await recoverSession({ sessionId: session.id, run })).toBe('recovered');
    clock.advance(LEASE_SECONDS / 2);
    await extendLease({ agentId, assignmentId, fencingToken });
    expect(await recoverSession({ sessionId: session.id, run: 4 })).toBe('recovered');
    expect(await store.getSession(session.id)).toMatchObject({ status: 'running', recovery: { count: 1 } });
  });

  it('is left alone when its driver comes to a wait in the moment before', async () => {
    const { create, clock, sweepWaits, awaitSlot, engine, store } = await aWorld({ limit: 1 });
    const holder = await create({ start: true });
    const { id } = await create({ start: true });
    await store.putWait({ sessionId: holder.id, run: 1, state: 'run-on-agent', taskToken: 'other', since: NOON });
    clock.advance(SILENCE);
    engine.before('session', () => awaitSlot({ sessionId: id, run: 1, taskToken: 'token' }));
    expect(await sweepWaits()).toMatchObject({ recovered: 0, settled: 1 });
    expect(await store.findWait(id)).toMatchObject({ run: 1, taskToken: 'token' });
  });

  it('is passed over by a sweep when its wait is gone by the time it is looked at', async () => {
    const { create, clock, sweepWaits, cancelSession, engine, store } = await aWorld();
    const [one, other] = [await create({ start: true }), await create({ start: true })];
    clock.advance(SILENCE);
    engine.before('session', async () => {
      for (const { id: sessionId } of [one, other]) await cancelSession({ sessionId, actor: person });
    });
    expect(await sweepWaits()).toMatchObject({ recovered: 0, settled: 2 });
    for (const { id } of [one, other]) expect(await store.findWait(id)).toBeUndefined();
  });

  it('twice, late, or after its end changes nothing', async () => {
    const { create, recoverSession, cancelSession, everything } = await aWorld();
    const { id } = await create({ start: true });
    await recoverSession({ sessionId: id, run: 1 });
    const before = everything();
    expect(await recoverSession({ sessionId: id, run: 1 })).toBe('settled');
    expect(everything()).toEqual(before);
    await cancelSession({ sessionId: id, actor: person });
    expect(await recoverSession({ sessionId: id, run: 2 })).toBe('settled');
    const pending = await create();
    expect(await recoverSession({ sessionId: pending.id, run: 0 })).toBe('settled');
  });

  it('of another tenant is not found', async () => {
    const { create, addTenant } = await aWorld();
    const { id } = await create({ start: true });
    await expect((await addTenant('B')).recoverSession({ sessionId: id, run: 1 })).rejects.toThrow(NotFound);
  });
});

describe('a queued session', () => {
  it('times out when its time in the queue is used up, is told to its driver, and gives up its place', async () => {
    const { create, awaitSlot, clock, sweepWaits, store, waiters, wakeSession, tokens, beginAttempt, items } =
      await aWorld({
        limit: 1,
      });
    const holder = await create({ start: true });
    const { id } = await create({ start: true, queueTtlSeconds: 60 });
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'token' });
    clock.advance(59);
    expect(await sweepWaits()).toMatchObject({ timeout: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
    expect(await store.getSession(id)).toMatchObject({
      status: 'timeout',
      statusReason: 'queue_ttl',
      error: { code: 'SESSION_TIMEOUT' },
    });
    expect(waiters()).toEqual([]);
    expect(await wakeSession(id)).toBe(true);
    expect(tokens.completed).toEqual(['token']);
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('ended');
    expect(items('wait').map(({ sessionId }) => sessionId)).toEqual([holder.id]);
  });

  it('that timed out and was deleted leaves its driver nothing to wait for, and no fault in the sweep', async () => {
    const { create, awaitSlot, clock, sweepWaits, deleteSession, wakeSession, tokens, items } = await aWorld({
      limit: 1,
    });
    const holder = await create({ start: true });
    const { id } = await create({ start: true, queueTtlSeconds: 60 });
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'token' });
    clock.advance(60);
    await sweepWaits();
    await deleteSession({ sessionId: id });
    expect(await sweepWaits()).toMatchObject({ timeout: 0 });
    expect(await wakeSession(id)).toBe(true);
    expect(tokens.completed).toEqual(['token']);
    expect(items('wait').map(({ sessionId }) => sessionId)).toEqual([holder.id]);
  });

  it('is looked at again when its time was raised', async () => {
    const { create, awaitSlot, clock, sweepWaits, store } = await aWorld({ limit: 1 });
    await create({ start: true });
    const session = await create({ start: true, queueTtlSeconds: 60 });
    await awaitSlot({ sessionId: session.id, run: 1, taskToken: 'token' });
    await store.commit([{ kind: 'session', before: session, after: { ...session, queueTtlSeconds: 600 } }]);
    clock.advance(60);
    expect(await sweepWaits()).toMatchObject({ timeout: 0, waiting: 1 });
    clock.advance(539);
    expect(await sweepWaits()).toMatchObject({ timeout: 0, waiting: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
  });
});

describe('work that no agent takes', () => {
  it('ends with the true reason: the only runner was busy, or none was there', async () => {
    const { running, working, clock, sweepWaits, store } = await aWorld();
    const alone = await running({ queueTtlSeconds: 60 });
    clock.advance(120);
    await sweepWaits();
    await working();
    await running();
    const waiting = await running({ queueTtlSeconds: 60 });
    clock.advance(120);
    await sweepWaits();
    const messageOf = async (id: string) => (await store.getSession(id)).error?.message;
    expect(await messageOf(alone.id)).toContain('no agent was registered');
    expect(await messageOf(waiting.id)).toContain('every agent that fits was busy');
  });

  it('fails its session after an hour, or sooner when it may be queued for less', async () => {
    const { running, clock, sweepWaits, store, wakeSession, judgeOutcome, holders, items } = await aWorld();
    const { id } = await running();
    const short = await running({ queueTtlSeconds: 600 });
    for (const seconds of [120, 479]) {
      clock.advance(seconds);
      expect(await sweepWaits()).toMatchObject({ timeout: 0 });
    }
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
    expect(await store.getSession(short.id)).toMatchObject({ status: 'failed', error: { code: 'AGENT_UNAVAILABLE' } });
    expect(await store.getSession(id)).toMatchObject({ status: 'running' });
    clock.advance(3000);
    expect(await sweepWaits()).toMatchObject({ timeout: 1 });
    expect(await store.getSession(id)).toMatchObject({ status: 'failed', statusReason: 'no_agent' });
    expect(await wakeSession(id)).toBe(true);
    expect(await judgeOutcome({ sessionId: id, run: 1 })).toBe('failed');
    expect([holders(), items('assignment').map(({ state }) => state)]).toEqual([[], ['cancelled', 'cancelled']]);
  });
});

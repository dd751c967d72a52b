import { describe, expect, it } from 'vitest';
import { someLive } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

/** A world in which executions break. */
const aFailingWorld = async () => {
  const world = await aWorld();
  const fail = (sessionId: string) => world.recordOutcome({ sessionId, run: 1, failure: 'broken' });
  return { ...world, fail };
};

describe('beginning an attempt', () => {
  it('runs a queued session that holds a slot, and says so in one change', async () => {
    const { create, beginAttempt, store, eventsOf } = await aWorld();
    const { id } = await create({ start: true });
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
    expect(await store.getSession(id)).toMatchObject({ status: 'running', version: 3 });
    expect(await store.findAttempt(id, 1)).toMatchObject({ attempt: 1, run: 1 });
    expect(await store.findLive(id)).toMatchObject({ attempt: 1, activity: 'waiting_for_agent', activeSeconds: 0 });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ payload: { old_status: 'queued', new_status: 'running' } });
  });

  it('leaves the error of the last one until the session completes', async () => {
    const { create, fail, retrySession, beginAttempt, store } = await aFailingWorld();
    const { id } = await create({ start: true });
    await fail(id);
    const choice = { fromScratch: false, force: false, start: true, onQuota: 'queue' } as const;
    await retrySession({ sessionId: id, actor: person, ...choice });
    await beginAttempt({ sessionId: id, run: 2 });
    expect(await store.getSession(id)).toMatchObject({ status: 'running', error: { code: 'SESSION_ORPHANED' } });
  });

  it('twice begins it once', async () => {
    const { create, beginAttempt, everything } = await aWorld();
    const { id } = await create({ start: true });
    await beginAttempt({ sessionId: id, run: 1 });
    const before = everything();
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
    expect(everything()).toEqual(before);
  });

  it('twice at once begins it once', async () => {
    const { create, beginAttempt, store, engine } = await aWorld();
    const { id } = await create({ start: true });
    engine.before('session', () => beginAttempt({ sessionId: id, run: 1 }));
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
    expect(await store.getSession(id)).toMatchObject({ version: 3 });
  });

  it('without a slot waits for one', async () => {
    const { create, beginAttempt, everything } = await aWorld({ limit: 1 });
    await create({ start: true });
    const { id } = await create({ start: true });
    const before = everything();
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('no_slot');
    expect(everything()).toEqual(before);
  });

  it('takes the place of live values that are there already', async () => {
    const { create, beginAttempt, store } = await aWorld();
    const { id } = await create({ start: true });
    const earlier = someLive({ sessionId: id, activeSeconds: 9, lastLogSeq: 7 });
    await store.commit([{ kind: 'session-live', before: null, after: earlier }]);
    await beginAttempt({ sessionId: id, run: 1 });
    expect(await store.findLive(id)).toMatchObject({ attempt: 1, activeSeconds: 0, lastLogSeq: 0, revision: 2 });
  });

  it('of a session that another run drives, or that has ended, is left alone', async () => {
    const { create, beginAttempt, cancelSession, everything } = await aWorld();
    const { id } = await create({ start: true });
    expect(await beginAttempt({ sessionId: id, run: 2 })).toBe('superseded');
    await cancelSession({ sessionId: id, actor: person });
    const before = everything();
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('ended');
    expect(everything()).toEqual(before);
  });

  it('of a session that was only set up for a retry is left to the run that its start begins', async () => {
    const { create, fail, retrySession, beginAttempt, judgeOutcome, everything } = await aFailingWorld();
    const { id } = await create({ start: true });
    await fail(id);
    await retrySession({
      sessionId: id,
      actor: person,
      fromScratch: false,
      force: false,
      start: false,
      onQuota: 'queue',
    });
    const before = everything();
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('superseded');
    expect(await judgeOutcome({ sessionId: id, run: 1 })).toBe('superseded');
    expect(await fail(id)).toMatchObject({ status: 'pending' });
    expect(everything()).toEqual(before);
  });

  it('that loses against a cancel changes nothing', async () => {
    const { create, beginAttempt, cancelSession, engine, store, holders } = await aWorld();
    const { id } = await create({ start: true });
    engine.before('session', () => cancelSession({ sessionId: id, actor: person }));
    expect(await beginAttempt({ sessionId: id, run: 1 })).toBe('ended');
    expect(await store.getSession(id)).toMatchObject({ status: 'cancelled' });
    expect(holders()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

const retry = { actor: person, fromScratch: false, force: false, start: true, onQuota: 'queue' as const };

/** A session whose only attempt has failed for good. */
const failed = async (limit = 10) => {
  const world = await aWorld({ limit });
  const { session, granted } = await world.working();
  world.clock.advance(5);
  await world.submit(granted, { result: aResult({ status: 'failed', errorCode: 'NO', retryable: false }) });
  await world.recordOutcome({ sessionId: session.id, run: 1 });
  return { ...world, id: session.id, again: { ...retry, sessionId: session.id } };
};

describe('a retry', () => {
  it('queues the next attempt in the next run, in one change of two events', async () => {
    const { again, id, retrySession, store, holders, internals } = await failed();
    const before = await store.getSession(id);
    const session = await retrySession(again);
    expect(session).toMatchObject({ status: 'queued', attempt: 2, run: 2, version: before.version + 2 });
    expect(session.endedAt).toBeUndefined();
    expect(holders()).toEqual([id]);
    expect(internals().at(-1)).toEqual({ consumers: ['start-execution'], run: { sessionId: id, number: 2 } });
    expect(await store.findWait(id)).toMatchObject({ run: 2, state: 'on-the-way' });
  });

  it('counts working time anew, and what was used on', async () => {
    const { again, id, retrySession, store, beginAttempt } = await failed();
    expect(await store.findLive(id)).toMatchObject({ activeSeconds: 5 });
    await retrySession(again);
    expect(await store.findLive(id)).toMatchObject({ attempt: 2, activeSeconds: 0 });
    expect(await beginAttempt({ sessionId: id, run: 2 })).toBe('begun');
    expect(await store.findAttempt(id, 2)).toMatchObject({ attempt: 2, run: 2, automatic: false });
  });

  it('adds to the prompt what it says, for its attempts until the next retry', async () => {
    const { again, id, retrySession, store, ...world } = await failed();
    await retrySession({ ...again, additionalPrompt: 'But faster.' });
    expect(await store.findInput(id)).toMatchObject({ prompt: 'Do nothing.', additionalPrompt: 'But faster.' });
    await world.beginAttempt({ sessionId: id, run: 2 });
    await world.awaitAgent({ sessionId: id, run: 2, taskToken: 'second' });
    const [agent] = (await store.listAgents({ limit: 1 })).items;
    const [granted] = (await world.claim(agent?.id ?? '')).granted;
    expect(granted?.input.additionalPrompt).toBe('But faster.');
    const result = aResult({ status: 'failed', errorCode: 'NO', retryable: false });
    await world.submit(granted ?? expect.fail(), { result });
    await world.recordOutcome({ sessionId: id, run: 2 });
    await retrySession(again);
    expect(await store.findInput(id)).not.toHaveProperty('additionalPrompt');
  });

  it('without start leaves the session pending', async () => {
    const { again, retrySession, holders } = await failed();
    expect(await retrySession({ ...again, start: false })).toMatchObject({ status: 'pending', attempt: 2, run: 1 });
    expect(holders()).toEqual([]);
  });

  it('begins from the checkpoint that is named, or from none', async () => {
    const { again, retrySession, everything } = await failed();
    const before = everything();
    await expect(retrySession({ ...again, checkpointId: 'UNKNOWN' })).rejects.toMatchObject({
      code: 'CHECKPOINT_NOT_FOUND',
    });
    expect(everything()).toEqual(before);
    expect(await retrySession({ ...again, fromScratch: true })).toMatchObject({ fromScratch: true });
  });

  it('is refused once no attempt is left, and forced by one more', async () => {
    const { again, id, retrySession, store } = await failed();
    const session = await store.getSession(id);
    await store.commit([{ kind: 'session', before: session, after: { ...session, attempt: 3 } }]);
    await expect(retrySession(again)).rejects.toMatchObject({ code: 'NOT_RETRYABLE', extras: { attempts: 3 } });
    expect(await retrySession({ ...again, force: true })).toMatchObject({ attempt: 4, maxAttempts: 4 });
  });

  it('of a session that is rejected at the gate changes nothing', async () => {
    const { again, create, retrySession, everything } = await failed(1);
    await create({ start: true });
    const before = everything();
    await expect(retrySession({ ...again, onQuota: 'reject' })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(everything()).toEqual(before);
  });

  it('twice at once happens once', async () => {
    const { again, retrySession, engine } = await failed();
    engine.before('session', () => retrySession(again));
    await expect(retrySession(again)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('is refused for what is under way, done, or called off, and for a stale version', async () => {
    const { again, id, retrySession, cancelSession, store } = await failed();
    const { version } = await store.getSession(id);
    await expect(retrySession({ ...again, ifVersion: version - 1 })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    await retrySession({ ...again, ifVersion: version });
    await expect(retrySession(again)).rejects.toMatchObject({ code: 'INVALID_TRANSITION' });
    await cancelSession({ sessionId: id, actor: person });
    await expect(retrySession(again)).rejects.toMatchObject({ extras: { allowed: [] } });
  });

  it('of a session that timed out in the queue queues it once more', async () => {
    const world = await aWorld({ limit: 1 });
    await world.create({ start: true });
    const { id } = await world.create({ start: true, queueTtlSeconds: 60 });
    world.clock.advance(120);
    await world.sweepWaits();
    expect(await world.store.findLive(id)).toBeUndefined();
    expect(await world.retrySession({ ...retry, sessionId: id })).toMatchObject({ status: 'queued', attempt: 2 });
    expect(await world.store.findLive(id)).toBeUndefined();
  });

  it('of another tenant is not found', async () => {
    const { again, addTenant } = await failed();
    await expect((await addTenant('B')).retrySession(again)).rejects.toThrow(NotFound);
  });
});

import { describe, expect, it } from 'vitest';
import { NotFound, PreconditionFailed } from '#domain/errors';
import { OperationNotAllowed } from '#domain/session/operation-not-allowed';
import { aResult } from '#test/support/a-work-item';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, person, type World } from '#test/support/world';

const firstOf = async ({ store }: World) => (await store.firstWaiter('sessions'))?.owner;

describe('changing a session', () => {
  it('writes the new values and one event', async () => {
    const { create, updateSession, store, eventsOf } = await aWorld();
    const { id } = await create();
    const patch = { title: 'Greet Ada', prompt: 'Greet her.', metadata: { ticket: 7 } };
    const state = await updateSession({ sessionId: id, patch });
    expect(state.session).toMatchObject({ title: 'Greet Ada', version: 2 });
    expect(await store.getSession(id)).toEqual(state.session);
    expect(await store.findInput(id)).toMatchObject({ prompt: 'Greet her.', metadata: { ticket: 7 } });
    expect((await eventsOf(id)).at(-1)).toEqual({
      type: 'session.updated',
      payload: { session_id: id, changed: ['title', 'prompt', 'metadata'] },
    });
  });

  it('to what it is already writes nothing', async () => {
    const { create, updateSession, everything } = await aWorld();
    const { id } = await create({ title: 'Say hello' });
    const before = everything();
    const { session } = await updateSession({ sessionId: id, patch: { title: 'Say hello', description: null } });
    expect(session.version).toBe(1);
    expect(everything()).toEqual(before);
  });

  it('is refused for a status that does not allow it, an old version, an unknown id and another tenant', async () => {
    const { create, updateSession, everything, addTenant } = await aWorld();
    const other = await addTenant('B');
    const { id } = await create({ start: true });
    const before = everything();
    const patch = { title: 'Other', prompt: 'Other.' };
    await expect(updateSession({ sessionId: id, patch })).rejects.toThrow(OperationNotAllowed);
    await expect(updateSession({ sessionId: id, patch: {}, ifVersion: 1 })).rejects.toThrow(PreconditionFailed);
    await expect(updateSession({ sessionId: 'unknown', patch })).rejects.toThrow(NotFound);
    await expect(other.updateSession({ sessionId: id, patch })).rejects.toThrow(NotFound);
    expect(everything()).toEqual(before);
  });

  it('gives a waiter with a higher priority the place in front, and keeps counting it once', async () => {
    const world = await aWorld({ limit: 1 });
    const { create, updateSession, cancelSession, clock, holders, waiters } = world;
    const first = await create({ start: true });
    const waiting = await create({ start: true });
    clock.advance(60);
    const late = await create({ start: true, priority: 'low' });
    expect(await firstOf(world)).toBe(waiting.id);
    await updateSession({ sessionId: late.id, patch: { priority: 'critical' } });
    expect(await firstOf(world)).toBe(late.id);
    expect(waiters().toSorted()).toEqual([waiting.id, late.id].toSorted());
    await cancelSession({ sessionId: first.id, actor: person });
    expect(holders()).toEqual([late.id]);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('of the priority of a session that was granted its slot meanwhile leaves the gate alone', async () => {
    const world = await aWorld({ limit: 1 });
    const { create, updateSession, cancelSession, engine, holders, gate } = world;
    const first = await create({ start: true });
    const second = await create({ start: true });
    engine.before('session', () => cancelSession({ sessionId: first.id, actor: person }));
    await updateSession({ sessionId: second.id, patch: { priority: 'high' } });
    expect(holders()).toEqual([second.id]);
    expect(await gate()).toMatchObject({ held: 1, waiting: 0 });
    expect(brokenInvariants(world.everything())).toEqual([]);
    await updateSession({ sessionId: second.id, patch: { priority: 'low' } });
    expect(await gate()).toMatchObject({ held: 1, waiting: 0 });
  });

  it('of the priority moves its work in the dispatch queue, also when that is opened or given back at the moment', async () => {
    const world = await aWorld();
    const { running, create, beginAttempt, awaitAgent, updateSession, store, engine, clock, agent, claim } = world;
    const first = await running();
    clock.advance(10);
    const second = await create({ start: true });
    await beginAttempt({ sessionId: second.id, run: 1 });
    const patch = { priority: 'critical' } as const;
    engine.before('assignment', () => updateSession({ sessionId: second.id, patch }));
    await awaitAgent({ sessionId: second.id, run: 1, taskToken: 'T' });
    const order = async () => (await store.listPending(10)).map(({ sessionId }) => sessionId);
    expect(await order()).toEqual([second.id, first.id]);
    await updateSession({ sessionId: second.id, patch: { priority: 'low' } });
    expect(await order()).toEqual([first.id, second.id]);
    const { id: agentId } = await agent();
    const [granted] = (await claim(agentId)).granted;
    await updateSession({ sessionId: first.id, patch: { priority: 'deferred' } });
    const { id: assignmentId, fencingToken } = granted?.assignment ?? expect.fail();
    await world.releaseAssignment({ agentId, assignmentId, fencingToken });
    expect(await order()).toEqual([second.id, first.id]);
    expect((await store.listPending(10)).map(({ priority }) => priority)).toEqual(['low', 'deferred']);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('of the priority of what waits for no agent leaves the live values alone', async () => {
    const { create, updateSession, items } = await aWorld();
    const { id } = await create({ start: true });
    await updateSession({ sessionId: id, patch: { priority: 'high' } });
    expect([items('session-live'), items('assignment')]).toEqual([[], []]);
  });

  it('of the longest stay in the queue is looked at in time, and a longer one by the look that is due', async () => {
    const { create, awaitSlot, updateSession, store } = await aWorld({ limit: 1 });
    await create({ start: true });
    const { id } = await create({ start: true, queueTtlSeconds: 3600 });
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'T' });
    const due = async () => (await store.findWait(id))?.dueAt;
    expect(await due()).toBe('2026-05-04T13:00:00.000Z');
    await updateSession({ sessionId: id, patch: { queueTtlSeconds: 600 } });
    expect(await due()).toBe('2026-05-04T12:10:00.000Z');
    await updateSession({ sessionId: id, patch: { queueTtlSeconds: 7200 } });
    expect(await due()).toBe('2026-05-04T12:10:00.000Z');
  });

  it('of the longest working time moves the deadline of the work under way', async () => {
    const { working, updateSession, clock, store } = await aWorld();
    const { session, granted } = await working({ maxDurationSeconds: 600 });
    clock.advance(100);
    await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 900 } });
    const deadlineAt = new Date(clock.now() + 800_000).toISOString();
    expect(await store.findLive(session.id)).toMatchObject({ deadlineAt });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ deadlineAt, maxDurationSeconds: 900 });
    const tooLittle = updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 100 } });
    await expect(tooLittle).rejects.toThrow('must be more than the 100 seconds already worked');
  });

  it('of the longest working time to less ends the lease with the grace of the new deadline', async () => {
    const { working, updateSession, clock, store, sweepLeases, judgeOutcome } = await aWorld();
    const { session, granted } = await working({ maxDurationSeconds: 3600 }, { leaseSeconds: 900 });
    clock.advance(100);
    await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 110 } });
    const endsAt = new Date(clock.now() + 40_000).toISOString();
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ leaseUntil: endsAt, dueAt: endsAt });
    clock.advance(40);
    expect(await sweepLeases()).toMatchObject({ expired: 1 });
    expect(await judgeOutcome({ sessionId: session.id, run: 1 })).toBe('timeout');
  });

  it('of the longest stay in the queue moves the end of the wait for an agent', async () => {
    const { running, updateSession, store, clock } = await aWorld();
    const session = await running({ queueTtlSeconds: 7200 });
    const waitUntil = async () =>
      (await store.getAssignment((await store.findLive(session.id))?.assignmentId ?? '')).waitUntil;
    clock.advance(60);
    await updateSession({ sessionId: session.id, patch: { queueTtlSeconds: 600 } });
    expect(await waitUntil()).toBe('2026-05-04T12:10:00.000Z');
    await updateSession({ sessionId: session.id, patch: { queueTtlSeconds: 86_400 } });
    expect(await waitUntil()).toBe('2026-05-04T13:00:00.000Z');
  });

  it('of the longest working time holds for an agent that claims the work at the same moment', async () => {
    const { running, agent, claim, updateSession, engine, store } = await aWorld();
    const session = await running({ maxDurationSeconds: 600 });
    const worker = await agent();
    engine.before('session', () => claim(worker.id));
    await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 900 } });
    const live = await store.findLive(session.id);
    const assignment = await store.getAssignment(live?.assignmentId ?? '');
    expect(Date.parse(assignment.deadlineAt ?? '') - Date.parse(assignment.claimedAt ?? '')).toBe(900_000);
    expect(live?.deadlineAt).toBe(assignment.deadlineAt);
  });

  it('of the longest working time before an agent has the work, or before any run, is only noted', async () => {
    const { running, create, updateSession, store } = await aWorld();
    const session = await running();
    await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 900 } });
    const live = await store.findLive(session.id);
    expect(live?.deadlineAt).toBeUndefined();
    expect((await store.getAssignment(live?.assignmentId ?? '')).deadlineAt).toBeUndefined();
    const pending = await create();
    const { session: changed } = await updateSession({ sessionId: pending.id, patch: { maxDurationSeconds: 900 } });
    expect(changed.maxDurationSeconds).toBe(900);
  });

  it('of the longest working time in the pause between two attempts holds for the next one', async () => {
    const { working, submit, scheduleRetry, updateSession, store } = await aWorld();
    const { session, granted } = await working();
    await submit(granted, { result: aResult({ status: 'failed', errorCode: 'UPSTREAM_ERROR', retryable: true }) });
    await scheduleRetry({ sessionId: session.id, run: 1 });
    const { session: changed } = await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 7200 } });
    expect(changed).toMatchObject({ maxDurationSeconds: 7200, attempt: 2 });
    expect(await store.findLive(session.id)).toMatchObject({ activity: 'backing_off' });
  });

  it('of the longest working time leaves work that has ended as it was', async () => {
    const { working, submit, updateSession, store } = await aWorld();
    const { session, granted } = await working();
    await submit(granted);
    const ended = await store.getAssignment(granted.assignment.id);
    await updateSession({ sessionId: session.id, patch: { maxDurationSeconds: 7200 } });
    expect(await store.getAssignment(granted.assignment.id)).toEqual(ended);
  });

  it('whose words have left the table is refused like an unknown one', async () => {
    const { create, updateSession, engine } = await aWorld();
    const { id } = await create();
    const input = { pk: `T#A#S#${id}`, sk: 'INPUT' };
    await engine.transact([{ remove: input, condition: { kind: 'exists' }, what: 'session-input' }]);
    await expect(updateSession({ sessionId: id, patch: { title: 'Late' } })).rejects.toThrow(NotFound);
  });
});

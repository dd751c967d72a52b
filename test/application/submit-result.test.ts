import { describe, expect, it } from 'vitest';
import { AssignmentClosed, ResultConflict, ResultTaskMismatch, StaleFencingToken } from '#domain/assignment/errors';
import type { ResultStatus } from '#domain/assignment/result';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import { aResult } from '#test/support/a-work-item';
import { aWorld, LEASE_SECONDS } from '#test/support/world';

describe('a result', () => {
  it('ends the work, gives the unit back, stops the clock and wakes who waits', async () => {
    const { working, submit, store, clock, internals } = await aWorld();
    const { session, granted, agent } = await working();
    clock.advance(12);
    const usage = { ...noUsage, costUsd: 0.5 };
    const answer = await submit(granted, { result: aResult({ summary: 'Done.', usage }), diff: '--- a\n+++ b\n' });
    expect(answer).toEqual({ state: 'completed', duplicate: false });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'completed' });
    expect(await store.findResult(session.id, 1)).toMatchObject({ summary: 'Done.' });
    expect(await store.findDiff(session.id, 1)).toBe('--- a\n+++ b\n');
    expect(await store.findLive(session.id)).toMatchObject({ activeSeconds: 12, usage: { costUsd: 0.5 } });
    expect(await store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
    expect(internals().at(-1)).toEqual({ consumers: ['place-work', 'wake'], wake: [session.id] });
  });

  it.each([
    ['completed', 'completed'],
    ['failed', 'failed'],
    ['timeout', 'failed'],
    ['stopped', 'cancelled'],
    ['cancelled', 'cancelled'],
  ] as [ResultStatus, string][])('that says %s leaves the assignment %s', async (status, state) => {
    const { working, submit, store } = await aWorld();
    const { granted } = await working();
    expect(await submit(granted, { result: aResult({ status }) })).toEqual({ state, duplicate: false });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state });
  });

  it('without usage keeps what was reported, and without a diff stores none', async () => {
    const { working, submit, store, reportEvents } = await aWorld();
    const { session, granted } = await working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    const usage = { ...noUsage, apiCalls: 4 };
    const event = { type: 'metrics', eventSeq: 1, timestamp: '2026-05-04T12:00:00.000Z', usage } as const;
    await reportEvents({ agentId, assignmentId, fencingToken, events: [event] });
    await submit(granted, { diff: '' });
    expect(await store.findLive(session.id)).toMatchObject({ usage });
    expect(await store.findDiff(session.id, 1)).toBeUndefined();
  });

  it('sent twice counts once, and says so', async () => {
    const { working, submit, everything } = await aWorld();
    const { granted } = await working();
    await submit(granted);
    const before = everything();
    expect(await submit(granted)).toEqual({ state: 'completed', duplicate: true });
    expect(everything()).toEqual(before);
  });

  it('sent twice at once counts once', async () => {
    const { working, submit, engine, store } = await aWorld();
    const { granted, agent } = await working();
    engine.before('result', () => submit(granted));
    expect(await submit(granted)).toEqual({ state: 'completed', duplicate: true });
    expect(await store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
  });

  it('that differs from the accepted one is refused', async () => {
    const { working, submit, store } = await aWorld();
    const { session, granted } = await working();
    await submit(granted);
    const other = submit(granted, { result: aResult({ status: 'failed' }), digest: 'another' });
    await expect(other).rejects.toThrow(ResultConflict);
    expect(await store.findResult(session.id, 1)).toMatchObject({ status: 'completed' });
  });

  it('for another task is refused', async () => {
    const { working, submit } = await aWorld();
    const { granted } = await working();
    await expect(submit(granted, { taskId: 'another' })).rejects.toThrow(ResultTaskMismatch);
  });

  it('with a fencing token of an earlier grant is refused, also after the end', async () => {
    const { working, submit } = await aWorld();
    const { granted } = await working();
    await expect(submit(granted, { fencingToken: 0 })).rejects.toThrow(StaleFencingToken);
    await submit(granted);
    await expect(submit(granted, { fencingToken: 0 })).rejects.toThrow(StaleFencingToken);
  });

  it('that comes when the lease is over is refused, swept or not', async () => {
    const { working, submit, clock, sweepLeases, store } = await aWorld();
    const { session, granted } = await working();
    clock.advance(LEASE_SECONDS);
    await expect(submit(granted)).rejects.toThrow(AssignmentClosed);
    await sweepLeases();
    await expect(submit(granted)).rejects.toThrow(AssignmentClosed);
    expect(await store.findResult(session.id, 1)).toBeUndefined();
  });

  it('is still accepted when the deadline has passed but the lease has not', async () => {
    const { running, agent, claim, submit, clock } = await aWorld();
    await running({ maxDurationSeconds: 10 });
    const [granted] = (await claim((await agent()).id)).granted;
    clock.advance(11);
    expect(await submit(granted ?? expect.fail())).toMatchObject({ state: 'completed' });
  });

  it('from an agent that does not have the work finds none, nor does one of another tenant', async () => {
    const world = await aWorld();
    const { granted } = await world.working();
    const stranger = await world.agent({ name: 'STRANGER' });
    const other = await world.addTenant('B');
    await expect(world.submit(granted, { agentId: stranger.id })).rejects.toThrow(NotFound);
    await expect(other.submit(granted)).rejects.toThrow(NotFound);
  });

  it('of a session without live values is stored all the same', async () => {
    const { working, submit, store, engine } = await aWorld();
    const { session, granted } = await working();
    const live = { pk: `T#A#S#${session.id}`, sk: 'LIVE' };
    await engine.transact([{ remove: live, condition: { kind: 'exists' }, what: 'session-live' }]);
    await submit(granted);
    expect(await store.findResult(session.id, 1)).toBeDefined();
    expect(await store.findLive(session.id)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { AssignmentClosed, AssignmentDeadlinePassed, StaleFencingToken } from '#domain/assignment/errors';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import { aWorld, LEASE_SECONDS, type NewWork } from '#test/support/world';

const aWorker = async (work: NewWork = {}) => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working(work);
  const grant = { agentId: agent.id, assignmentId: granted.assignment.id, fencingToken: 1 };
  return { ...world, session, granted, worker: agent, grant };
};
const at = '2026-05-04T12:00:00.000Z';

describe('giving work back', () => {
  it('lets it wait for another agent, returns the unit, stops the clock, and wakes nobody', async () => {
    const { releaseAssignment, grant, worker, session, store, clock, internals, items } = await aWorker();
    clock.advance(7);
    await releaseAssignment(grant);
    expect(await store.getAssignment(grant.assignmentId)).toMatchObject({ state: 'pending', fencingToken: 1 });
    expect((await store.listPending(10)).map(({ id }) => id)).toEqual([grant.assignmentId]);
    expect(await store.getAgent(worker.id)).toMatchObject({ reserved: 0 });
    expect(await store.findLive(session.id)).toMatchObject({ activity: 'waiting_for_agent', activeSeconds: 7 });
    expect(await store.getSession(session.id)).toMatchObject({ status: 'running' });
    expect(internals().filter(({ wake }) => wake?.includes(session.id))).toEqual([]);
    expect(items('event').at(-1)).toMatchObject({ type: 'agent.task_completed', payload: { outcome: 'released' } });
  });

  it('with a checkpoint lets the next agent go on from there', async () => {
    const world = await aWorker();
    const { releaseAssignment, grant, session, claim, eventsOf, everything } = world;
    const released = { ...grant, checkpoint: { data: { step: 3 }, trigger: 'before_stop' } as const };
    await releaseAssignment(released);
    const before = everything();
    await releaseAssignment(released);
    expect(everything()).toEqual(before);
    expect((await eventsOf(session.id)).map(({ type }) => type)).toContain('session.checkpoint_created');
    const [again] = (await claim((await world.agent({ name: 'NEXT' })).id)).granted;
    expect(again?.checkpoint).toMatchObject({ sequence: 1, data: '{"step":3}', createdBy: grant.agentId });
  });

  it('twice changes nothing the second time', async () => {
    const { releaseAssignment, grant, everything } = await aWorker();
    await releaseAssignment(grant);
    const before = everything();
    await releaseAssignment(grant);
    expect(everything()).toEqual(before);
  });

  it('twice at once returns one unit', async () => {
    const { releaseAssignment, grant, engine, store, worker } = await aWorker();
    engine.before('assignment', () => releaseAssignment(grant));
    await releaseAssignment(grant);
    expect(await store.getAgent(worker.id)).toMatchObject({ reserved: 0 });
  });

  it('lets the next agent begin with a new token, its own numbers, its own clock and its own usage', async () => {
    const world = await aWorker({ maxDurationSeconds: 60 });
    const { releaseAssignment, reportEvents, grant, session, store, clock, claim } = world;
    const usage = { ...noUsage, inputTokens: 10 };
    await reportEvents({ ...grant, events: [{ type: 'metrics', eventSeq: 5, timestamp: at, usage }] });
    clock.advance(20);
    await releaseAssignment(grant);
    clock.advance(1000);
    const next = await world.agent({ name: 'NEXT' });
    const [again] = (await claim(next.id)).granted;
    expect(again?.assignment).toMatchObject({ id: grant.assignmentId, agentId: next.id, fencingToken: 2 });
    expect(Date.parse(again?.assignment.deadlineAt ?? '')).toBe(clock.now() + 40_000);
    const events = [{ type: 'metrics', eventSeq: 1, timestamp: at, usage: { ...usage, inputTokens: 3 } } as const];
    const reported = await reportEvents({ ...grant, agentId: next.id, fencingToken: 2, events });
    expect(reported).toMatchObject({ lastEventSeq: 1 });
    expect(await store.findLive(session.id)).toMatchObject({ usage: { inputTokens: 13 }, agentId: next.id });
  });

  it('waits anew as long as it may at a stretch, however often it was given back', async () => {
    const { releaseAssignment, grant, claim, store, clock } = await aWorker();
    const waits = async () => Date.parse((await store.getAssignment(grant.assignmentId)).waitUntil) - clock.now();
    for (const fencingToken of [1, 2, 3]) {
      clock.advance(10);
      await releaseAssignment({ ...grant, fencingToken });
      expect(await waits()).toBe(3_600_000);
      await claim(grant.agentId);
    }
  });

  it('ends every right of the agent that gave it back', async () => {
    const world = await aWorker();
    const { releaseAssignment, extendLease, submit, granted, grant, claim, store } = world;
    await releaseAssignment(grant);
    await expect(extendLease(grant)).rejects.toThrow(AssignmentClosed);
    await expect(submit(granted)).rejects.toThrow(AssignmentClosed);
    await claim((await world.agent({ name: 'NEXT' })).id);
    const before = await store.getAssignment(grant.assignmentId);
    for (const fencingToken of [1, 2]) {
      await expect(extendLease({ ...grant, fencingToken })).rejects.toThrow(StaleFencingToken);
      await expect(releaseAssignment({ ...grant, fencingToken })).rejects.toThrow(StaleFencingToken);
      await expect(submit(granted, { fencingToken })).rejects.toThrow(StaleFencingToken);
    }
    expect(await store.getAssignment(grant.assignmentId)).toEqual(before);
  });

  it('is refused with an old token, after the end of lease, deadline or work', async () => {
    const { releaseAssignment, grant, clock, submit, granted } = await aWorker({ maxDurationSeconds: 20 });
    await expect(releaseAssignment({ ...grant, fencingToken: 0 })).rejects.toThrow(StaleFencingToken);
    clock.advance(20);
    await expect(releaseAssignment(grant)).rejects.toThrow(AssignmentDeadlinePassed);
    await submit(granted);
    await expect(releaseAssignment(grant)).rejects.toThrow(AssignmentClosed);
    const other = await aWorker();
    other.clock.advance(LEASE_SECONDS);
    await expect(other.releaseAssignment(other.grant)).rejects.toThrow(AssignmentClosed);
  });

  it('by another agent or tenant finds none', async () => {
    const world = await aWorker();
    const stranger = await world.agent({ name: 'STRANGER' });
    const other = await world.addTenant('B');
    const before = world.everything();
    await expect(world.releaseAssignment({ ...world.grant, agentId: stranger.id })).rejects.toThrow(NotFound);
    await expect(other.releaseAssignment(world.grant)).rejects.toThrow(NotFound);
    expect(world.everything()).toEqual(before);
  });

  it('of a session without live values is a fault', async () => {
    const { releaseAssignment, grant, engine, session } = await aWorker();
    const live = { pk: `T#A#S#${session.id}`, sk: 'LIVE' };
    await engine.transact([{ remove: live, condition: { kind: 'exists' }, what: 'session-live' }]);
    await expect(releaseAssignment(grant)).rejects.toThrow('live values');
  });
});

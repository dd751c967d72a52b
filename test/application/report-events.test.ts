import { describe, expect, it } from 'vitest';
import { AssignmentClosed, AssignmentDeadlinePassed, StaleFencingToken } from '#domain/assignment/errors';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NotFound } from '#domain/errors';
import { NOON } from '#test/support/a-session';
import { aWorld, LEASE_SECONDS, type NewWork, type World } from '#test/support/world';

const log = (eventSeq: number): WorkEvent => ({
  type: 'log',
  eventSeq,
  timestamp: NOON,
  level: 'info',
  source: 'agent',
  message: `line ${eventSeq}`,
});
const progress = (eventSeq: number, percent: number): WorkEvent => ({
  type: 'progress',
  eventSeq,
  timestamp: NOON,
  percent,
});

const aWorker = async (work: NewWork = {}) => {
  const world = await aWorld();
  const { session, granted } = await world.working(work);
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  const grant = { assignmentId, agentId, fencingToken };
  const report = (...events: WorkEvent[]) => world.reportEvents({ ...grant, events });
  return { ...world, session, grant, report };
};

const linesOf = async ({ store }: Pick<World, 'store'>, sessionId: string) =>
  (await store.listLogs(sessionId, { attempt: 1, afterLogSeq: 0, limit: 100 })).items.map(({ message }) => message);

describe('a report of events', () => {
  it('stores the log, the live values and how far the agent is', async () => {
    const world = await aWorker();
    expect(await world.report(progress(1, 50), log(2), log(3))).toMatchObject({ lastEventSeq: 3 });
    expect(await linesOf(world, world.session.id)).toEqual(['line 2', 'line 3']);
    expect(await world.store.findLive(world.session.id)).toMatchObject({ progress: { percent: 50 }, lastLogSeq: 2 });
    expect(await world.store.getAssignment(world.grant.assignmentId)).toMatchObject({ state: 'running' });
  });

  it('sent twice counts once', async () => {
    const world = await aWorker();
    await world.report(log(1), log(2));
    const before = world.everything();
    expect(await world.report(log(1), log(2))).toMatchObject({ lastEventSeq: 2 });
    expect(world.everything()).toEqual(before);
  });

  it('sent twice at once counts once', async () => {
    const world = await aWorker();
    world.engine.before('assignment', () => world.report(log(1)));
    expect(await world.report(log(1))).toMatchObject({ lastEventSeq: 1 });
    expect(await linesOf(world, world.session.id)).toEqual(['line 1']);
  });

  it('that overlaps an earlier one adds only what is new', async () => {
    const world = await aWorker();
    await world.report(log(1), log(2));
    await world.report(log(2), log(3));
    expect(await linesOf(world, world.session.id)).toEqual(['line 1', 'line 2', 'line 3']);
  });

  it('out of order is put in order; one that comes after later ones is dropped and counted as a gap', async () => {
    const world = await aWorker();
    await world.report(log(3), log(2));
    await world.report(log(1));
    expect(await linesOf(world, world.session.id)).toEqual(['line 2', 'line 3']);
    expect(await world.store.getAssignment(world.grant.assignmentId)).toMatchObject({ lastEventSeq: 3, gaps: 1 });
  });

  it('without log lines stores no page', async () => {
    const world = await aWorker();
    await world.report(progress(1, 10));
    expect(world.items('log-page')).toEqual([]);
  });

  it('renews the lease, also when it says nothing new', async () => {
    const world = await aWorker();
    await world.report(log(1));
    world.clock.advance(LEASE_SECONDS / 2);
    const { leaseUntil } = await world.report(log(1));
    expect(Date.parse(leaseUntil)).toBe(world.clock.now() + LEASE_SECONDS * 1000);
  });

  it('in spite of many racing writers is stored', async () => {
    const world = await aWorker();
    const reports = Array.from({ length: 5 }, (_, index) => world.report(log(index + 1)));
    await Promise.all(reports);
    expect((await world.store.findLive(world.session.id))?.lastLogSeq).toBe(
      (await linesOf(world, world.session.id)).length,
    );
  });

  it('is refused with an old fencing token, after the end, the lease or the deadline', async () => {
    const { reportEvents, grant, report, clock, submit, store } = await aWorker({ maxDurationSeconds: 10 });
    await expect(reportEvents({ ...grant, fencingToken: 0, events: [log(1)] })).rejects.toThrow(StaleFencingToken);
    clock.advance(10);
    await expect(report(log(1))).rejects.toThrow(AssignmentDeadlinePassed);
    clock.advance(20);
    await expect(report(log(1))).rejects.toThrow(AssignmentClosed);
    await expect(submit({ assignment: await store.getAssignment(grant.assignmentId) })).rejects.toThrow(
      AssignmentClosed,
    );
  });

  it('is refused once the agent had time to hear of a cancel', async () => {
    const { report, cancelSession, session, clock } = await aWorker();
    await cancelSession({ sessionId: session.id, actor: { kind: 'user' } });
    clock.advance(30);
    await expect(report(log(1))).rejects.toThrow(AssignmentClosed);
  });

  it('from another agent or tenant finds no work', async () => {
    const world = await aWorker();
    const stranger = await world.agent({ name: 'STRANGER' });
    const other = await world.addTenant('B');
    const request = { ...world.grant, events: [log(1)] };
    await expect(world.reportEvents({ ...request, agentId: stranger.id })).rejects.toThrow(NotFound);
    await expect(other.reportEvents(request)).rejects.toThrow(NotFound);
  });

  it('for a session without live values is a fault', async () => {
    const { report, engine, session } = await aWorker();
    const live = { pk: `T#A#S#${session.id}`, sk: 'LIVE' };
    await engine.transact([{ remove: live, condition: { kind: 'exists' }, what: 'session-live' }]);
    await expect(report(log(1))).rejects.toThrow('live values');
  });
});

import { describe, expect, it } from 'vitest';
import { AssignmentClosed, ResultConflict, StaleFencingToken } from '#domain/assignment/errors';
import { noUsage } from '#domain/session/live';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

const stopped = aResult({ status: 'cancelled', usage: { ...noUsage, inputTokens: 9 } });
const log = {
  type: 'log',
  eventSeq: 1,
  timestamp: '2026-05-04T12:00:00.000Z',
  level: 'info',
  source: 'agent',
} as const;

/** An agent whose session was just cancelled, and the ways in which it may hear of it. */
const aCalledOffAgent = async () => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working();
  await world.cancelSession({ sessionId: session.id, actor: person, reason: 'not needed' });
  const { id: assignmentId, fencingToken } = granted.assignment;
  const grant = { agentId: agent.id, assignmentId, fencingToken };
  const leases = [{ assignmentId, fencingToken }];
  const heard = async () => [
    (await world.recordHeartbeat({ agentId: agent.id, status: 'healthy', currentLoad: 0, leases })).directives,
    (await world.getOwnAssignment(grant)).directives,
    ...(await world.listOwnAssignments({ agentId: agent.id, limit: 10 })).items.map(({ directives }) => directives),
  ];
  return { ...world, session, granted, grant, heard };
};

describe('an agent whose session was cancelled', () => {
  it('hears of it with whatever it calls, and what it reports is not stored', async () => {
    const { extendLease, reportEvents, heard, grant, store, clock, everything } = await aCalledOffAgent();
    const deadlineAt = new Date(clock.now() + 30_000).toISOString();
    const directives = [{ type: 'cancel', assignmentId: grant.assignmentId, reason: 'not needed', deadlineAt }];
    const { leaseUntil } = await store.getAssignment(grant.assignmentId);
    const before = everything();
    expect(await extendLease(grant)).toEqual({ leaseUntil, directives });
    expect(await reportEvents({ ...grant, events: [{ ...log, message: 'late' }] })).toEqual({
      ...{ lastEventSeq: 0, leaseUntil, directives },
    });
    expect(everything()).toEqual(before);
    expect(await heard()).toEqual([directives, directives, directives]);
  });

  it('says that it has stopped: what it used counts, the session stays as it is, and it hears no more of it', async () => {
    const { submit, granted, grant, session, heard, extendLease, store } = await aCalledOffAgent();
    const before = await store.getSession(session.id);
    expect(await submit(granted, { result: stopped })).toEqual({ state: 'cancelled', duplicate: false });
    expect(await store.getSession(session.id)).toEqual(before);
    expect(await store.findLive(session.id)).toMatchObject({ usage: { inputTokens: 9 } });
    expect(await store.findResult(session.id, 1)).toBeUndefined();
    expect(await heard()).toEqual([[], [], []]);
    await expect(extendLease(grant)).rejects.toThrow(AssignmentClosed);
    expect(await submit(granted, { result: stopped })).toEqual({ state: 'cancelled', duplicate: true });
    await expect(submit(granted, { result: stopped, digest: 'other' })).rejects.toThrow(ResultConflict);
  });

  it('may hand back nothing else', async () => {
    const { submit, granted, session, store } = await aCalledOffAgent();
    await expect(submit(granted)).rejects.toThrow(AssignmentClosed);
    await expect(submit(granted, { result: stopped, fencingToken: 0 })).rejects.toThrow(StaleFencingToken);
    expect(await store.findResult(session.id, 1)).toBeUndefined();
  });

  it('is fenced out after 30 seconds, and still told why for a day where it asks', async () => {
    const { submit, extendLease, granted, grant, heard, clock } = await aCalledOffAgent();
    clock.advance(30);
    await expect(extendLease(grant)).rejects.toThrow(AssignmentClosed);
    await expect(submit(granted, { result: stopped })).rejects.toThrow(AssignmentClosed);
    expect((await heard()).flat()).toHaveLength(3);
    clock.advance(24 * 3600);
    expect((await heard()).flat()).toEqual([]);
  });

  it('says so of a session that has no live values, or later work, without touching them', async () => {
    const { submit, granted, session, store, engine } = await aCalledOffAgent();
    const live = { pk: `T#A#S#${session.id}`, sk: 'LIVE' };
    await engine.transact([{ remove: live, condition: { kind: 'exists' }, what: 'session-live' }]);
    expect(await submit(granted, { result: stopped })).toMatchObject({ state: 'cancelled' });
    expect(await store.findLive(session.id)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { AssignmentClosed, AssignmentDeadlinePassed, StaleFencingToken } from '#domain/assignment/errors';
import { NotFound } from '#domain/errors';
import { aWorld, LEASE_SECONDS, type NewWork } from '#test/support/world';

const aWorker = async (work: NewWork = {}) => {
  const world = await aWorld();
  const { granted } = await world.working(work);
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  return { ...world, grant: { assignmentId, agentId, fencingToken } };
};

describe('extending a lease', () => {
  it('renews it for its length, or for another one', async () => {
    const { extendLease, grant, clock, store } = await aWorker();
    clock.advance(10);
    expect(Date.parse((await extendLease(grant)).leaseUntil)).toBe(clock.now() + LEASE_SECONDS * 1000);
    expect(Date.parse((await extendLease({ ...grant, leaseSeconds: 300 })).leaseUntil)).toBe(clock.now() + 300_000);
    expect(await store.getAssignment(grant.assignmentId)).toMatchObject({ state: 'running', leaseSeconds: 300 });
  });

  it('twice writes nothing the second time and answers what is stored', async () => {
    const { extendLease, grant, clock, everything } = await aWorker();
    clock.advance(10);
    const until = await extendLease(grant);
    const before = everything();
    clock.advance(1);
    expect(await extendLease(grant)).toEqual(until);
    expect(everything()).toEqual(before);
  });

  it('is refused with an old token, at its end, after the deadline, and to others', async () => {
    const world = await aWorker({ maxDurationSeconds: 20 });
    const { extendLease, grant, clock } = world;
    const other = await world.addTenant('B');
    await expect(extendLease({ ...grant, fencingToken: 0 })).rejects.toThrow(StaleFencingToken);
    await expect(extendLease({ ...grant, agentId: 'stranger' })).rejects.toThrow(NotFound);
    await expect(other.extendLease(grant)).rejects.toThrow(NotFound);
    clock.advance(20);
    await expect(extendLease(grant)).rejects.toThrow(AssignmentDeadlinePassed);
    clock.advance(10);
    await expect(extendLease(grant)).rejects.toThrow(AssignmentClosed);
  });
});

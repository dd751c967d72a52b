import { describe, expect, it } from 'vitest';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import { aWorld, LEASE_SECONDS } from '#test/support/world';

const aWorker = async () => {
  const world = await aWorld();
  const { granted, agent } = await world.working();
  const { id: assignmentId, fencingToken } = granted.assignment;
  const beat = (leases = [{ assignmentId, fencingToken }]) =>
    world.recordHeartbeat({ agentId: agent.id, status: 'healthy', currentLoad: 0.5, leases });
  return { ...world, worker: agent, assignmentId, fencingToken, beat };
};

describe('a heartbeat', () => {
  it('stores what the agent says of itself; only a change of status is an event', async () => {
    const { agent, recordHeartbeat, store, items } = await aWorld();
    const { id } = await agent();
    const events = () => items('event').length;
    const before = events();
    await recordHeartbeat({ agentId: id, status: 'healthy', currentLoad: 0.25, leases: [] });
    expect(await store.getAgent(id)).toMatchObject({ status: 'online', reportedLoad: 0.25 });
    expect(events()).toBe(before);
    await recordHeartbeat({ agentId: id, status: 'offline', currentLoad: 0, leases: [] });
    expect(await store.getAgent(id)).toMatchObject({ status: 'offline' });
    expect(events()).toBe(before + 1);
  });

  it('renews the leases that it names', async () => {
    const { beat, clock, store, assignmentId } = await aWorker();
    clock.advance(10);
    const leaseUntil = new Date(clock.now() + LEASE_SECONDS * 1000).toISOString();
    expect((await beat()).leases).toEqual([{ assignmentId, state: 'claimed', leaseUntil }]);
    expect(await store.getAssignment(assignmentId)).toMatchObject({ leaseUntil });
  });

  it('repeated at once writes no lease again', async () => {
    const { beat, store, assignmentId } = await aWorker();
    const { revision } = await store.getAssignment(assignmentId);
    await beat();
    expect(await store.getAssignment(assignmentId)).toMatchObject({ revision });
  });

  it('tells that work has ended, that a lease is over, and that a token is old, without renewing', async () => {
    const { beat, clock, submit, store, assignmentId } = await aWorker();
    const stored = await store.getAssignment(assignmentId);
    clock.advance(10);
    expect((await beat([{ assignmentId, fencingToken: 0 }])).leases).toMatchObject([
      { state: 'stale', leaseUntil: stored.leaseUntil },
    ]);
    await submit({ assignment: stored });
    expect((await beat()).leases).toMatchObject([{ state: 'completed', leaseUntil: stored.leaseUntil }]);
  });

  it('does not bring a lease back that is over', async () => {
    const { beat, clock, store, assignmentId } = await aWorker();
    const { leaseUntil } = await store.getAssignment(assignmentId);
    clock.advance(LEASE_SECONDS);
    expect((await beat()).leases).toMatchObject([{ state: 'expired', leaseUntil }]);
    expect(await store.getAssignment(assignmentId)).toMatchObject({ leaseUntil });
  });

  it('knows nothing of work that is unknown or somebody else has', async () => {
    const { recordHeartbeat, agent, assignmentId } = await aWorker();
    const { id: agentId } = await agent({ name: 'STRANGER' });
    const leases = [
      { assignmentId: 'unknown', fencingToken: 1 },
      { assignmentId, fencingToken: 1 },
    ];
    const answer = await recordHeartbeat({ agentId, status: 'healthy', currentLoad: 0, leases });
    expect(answer.leases).toEqual([
      { assignmentId: 'unknown', state: 'unknown' },
      { assignmentId, state: 'unknown' },
    ]);
  });

  it('goes on with the other leases when one is moved all the time', async () => {
    const { beat, engine, clock, assignmentId } = await aWorker();
    clock.advance(10);
    for (let conflict = 0; conflict < 8; conflict++)
      engine.before('assignment', () => Promise.reject(new ConcurrentUpdate('assignment')));
    expect((await beat()).leases).toEqual([{ assignmentId, state: 'unknown' }]);
  });

  it('renews nothing after the deadline', async () => {
    const world = await aWorld();
    const { granted, agent } = await world.working({ maxDurationSeconds: 10 });
    const { id: assignmentId, fencingToken, leaseUntil } = granted.assignment;
    world.clock.advance(12);
    const leases = [{ assignmentId, fencingToken }];
    const answer = await world.recordHeartbeat({ agentId: agent.id, status: 'healthy', currentLoad: 0, leases });
    expect(answer.leases).toEqual([{ assignmentId, state: 'claimed', leaseUntil }]);
  });

  it('is told to get another token in the last week of the one it has', async () => {
    const { beat, clock } = await aWorker();
    expect((await beat([])).directives).toEqual([]);
    clock.advance(84 * 24 * 3600);
    expect((await beat([])).directives).toEqual([{ type: 'rotate_token', deadlineAt: expect.any(String) }]);
  });

  it('passes faults on', async () => {
    const { beat, engine, clock } = await aWorker();
    clock.advance(10);
    engine.before('assignment', () => Promise.reject(new Error('the table does not answer')));
    await expect(beat()).rejects.toThrow('the table does not answer');
  });

  it('of an agent of another tenant finds none', async () => {
    const world = await aWorker();
    const other = await world.addTenant('B');
    const beat = { agentId: world.worker.id, status: 'healthy', currentLoad: 0, leases: [] } as const;
    await expect(other.recordHeartbeat(beat)).rejects.toThrow(NotFound);
  });
});

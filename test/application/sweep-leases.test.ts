import { describe, expect, it } from 'vitest';
import { aWorld, LEASE_SECONDS } from '#test/support/world';

const nothing = { expired: 0, rearmed: 0 };

describe('sweeping leases', () => {
  it('ends work whose lease has run out, gives the unit back and wakes who waits', async () => {
    const { working, sweepLeases, clock, store, internals } = await aWorld();
    const { session, granted, agent } = await working();
    clock.advance(LEASE_SECONDS);
    expect(await sweepLeases()).toEqual({ expired: 1, rearmed: 0 });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'expired' });
    expect(await store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
    expect(internals().at(-1)).toEqual({ consumers: ['place-work', 'wake'], wake: [session.id] });
  });

  it('never ends work before its time', async () => {
    const { working, sweepLeases, clock, everything } = await aWorld();
    await working();
    clock.advance(LEASE_SECONDS - 0.001);
    const before = everything();
    expect(await sweepLeases()).toEqual(nothing);
    expect(everything()).toEqual(before);
  });

  it('looks again when a renewed lease may run out, and not before', async () => {
    const { working, extendLease, sweepLeases, clock, store } = await aWorld();
    const { granted } = await working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    clock.advance(20);
    await extendLease({ agentId, assignmentId, fencingToken });
    clock.advance(10);
    expect(await sweepLeases()).toEqual({ expired: 0, rearmed: 1 });
    expect(await store.getAssignment(assignmentId)).toMatchObject({ state: 'running' });
    expect(await sweepLeases()).toEqual(nothing);
    clock.advance(20);
    expect(await sweepLeases()).toEqual({ expired: 1, rearmed: 0 });
  });

  it('twice ends it once', async () => {
    const { working, sweepLeases, clock, everything } = await aWorld();
    await working();
    clock.advance(LEASE_SECONDS);
    await sweepLeases();
    const before = everything();
    expect(await sweepLeases()).toEqual(nothing);
    expect(everything()).toEqual(before);
  });

  it('lets an agent win that renews at the same moment', async () => {
    const { working, extendLease, sweepLeases, clock, engine, store } = await aWorld();
    const { granted } = await working();
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    clock.advance(20);
    await extendLease({ agentId, assignmentId, fencingToken });
    clock.advance(10);
    engine.before('assignment', () => extendLease({ agentId, assignmentId, fencingToken }));
    expect(await sweepLeases()).toEqual(nothing);
    expect(await store.getAssignment(assignmentId)).toMatchObject({ state: 'running' });
  });

  it('passes over work that has ended since the index was read', async () => {
    const { working, sweepLeases, clock, engine, store } = await aWorld();
    const { granted } = await working();
    const key = { pk: `T#A#N#${granted.assignment.id}`, sk: 'ASSIGNMENT' };
    const item = (await engine.get(key)) ?? expect.fail();
    const stale = { ...item, state: 'completed' };
    await engine.transact([{ put: { ...stale, ...key }, condition: { kind: 'exists' }, what: 'assignment' }]);
    clock.advance(LEASE_SECONDS);
    expect(await sweepLeases()).toEqual(nothing);
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'completed' });
  });

  it('ends the session whose work was given back and is kept for an agent that does not take it up', async () => {
    const { working, releaseAssignment, placeWork, sweepLeases, clock, store, holders, internals } = await aWorld();
    const { session, granted } = await working({ queueTtlSeconds: 600 });
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    clock.advance(10);
    await releaseAssignment({ agentId, assignmentId, fencingToken });
    await placeWork({ everything: false });
    clock.advance(599);
    expect(await sweepLeases()).toEqual(nothing);
    clock.advance(1);
    expect(await sweepLeases()).toEqual({ expired: 1, rearmed: 0 });
    expect(await store.getSession(session.id)).toMatchObject({
      status: 'failed',
      statusReason: 'no_agent',
      error: { code: 'AGENT_UNAVAILABLE', retryable: true },
    });
    expect(await store.getAssignment(assignmentId)).toMatchObject({ state: 'cancelled' });
    expect(holders()).toEqual([]);
    expect(internals().at(-1)?.wake).toContain(session.id);
  });

  it('lets go of work that was given back and that its session has no use for any more', async () => {
    const { working, releaseAssignment, placeWork, sweepLeases, clock, store } = await aWorld();
    const { session, granted } = await working({ queueTtlSeconds: 600 });
    const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
    await releaseAssignment({ agentId, assignmentId, fencingToken });
    await placeWork({ everything: false });
    const live = (await store.findLive(session.id)) ?? expect.fail();
    await store.commit([{ kind: 'session-live', before: live, after: { ...live, assignmentId: undefined } }]);
    clock.advance(600);
    await sweepLeases();
    expect(await store.getSession(session.id)).toMatchObject({ status: 'running' });
  });

  it('ends work of a session that has no live values left', async () => {
    const { working, sweepLeases, clock, engine, store } = await aWorld();
    const { session, granted } = await working();
    const live = { pk: `T#A#S#${session.id}`, sk: 'LIVE' };
    await engine.transact([{ remove: live, condition: { kind: 'exists' }, what: 'session-live' }]);
    clock.advance(LEASE_SECONDS);
    expect(await sweepLeases()).toEqual({ expired: 1, rearmed: 0 });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'expired' });
  });

  it('works for every tenant', async () => {
    const world = await aWorld();
    await world.working();
    await (await world.addTenant('B')).working();
    world.clock.advance(LEASE_SECONDS);
    expect(await world.sweepLeases()).toEqual({ expired: 2, rearmed: 0 });
  });

  it('looks at the others before it passes a fault on', async () => {
    const { working, sweepLeases, clock, engine, store } = await aWorld();
    const all = [await working(), await working()];
    clock.advance(LEASE_SECONDS);
    engine.before('assignment', () => Promise.reject(new Error('the table does not answer')));
    await expect(sweepLeases()).rejects.toThrow('1 of 2 could not be looked at');
    const states = await Promise.all(
      all.map(async ({ granted }) => (await store.getAssignment(granted.assignment.id)).state),
    );
    expect(states.sort()).toEqual(['claimed', 'expired']);
  });
});

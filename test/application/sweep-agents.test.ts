import { describe, expect, it } from 'vitest';
import { aWorld } from '#test/support/world';

const nothing = { silent: 0, rearmed: 0 };
const beat = { status: 'healthy', currentLoad: 0, leases: [] } as const;

describe('sweeping agents', () => {
  it('makes a silent agent offline after 90 s and forgotten after 300 s, each with its event', async () => {
    const { agent, sweepAgents, clock, store, items } = await aWorld();
    const { id, version } = await agent();
    clock.advance(89.999);
    expect(await sweepAgents()).toEqual(nothing);
    clock.advance(0.001);
    expect(await sweepAgents()).toEqual({ ...nothing, silent: 1 });
    expect(await store.getAgent(id)).toMatchObject({ status: 'offline', version: version + 1 });
    clock.advance(209.999);
    expect(await sweepAgents()).toEqual(nothing);
    clock.advance(0.001);
    expect(await sweepAgents()).toEqual({ ...nothing, silent: 1 });
    expect(await store.getAgent(id)).toMatchObject({ status: 'forgotten', version: version + 2 });
    clock.advance(10_000);
    expect(await sweepAgents()).toEqual(nothing);
    const moves = items('event').filter(({ type }) => type === 'agent.status_changed');
    expect(moves.map(({ payload }) => (payload as { new_status: string }).new_status)).toEqual([
      'online',
      'offline',
      'forgotten',
    ]);
  });

  it('looks again when an agent that lives may next be silent, and not before', async () => {
    const { agent, recordHeartbeat, sweepAgents, clock, store } = await aWorld();
    const { id } = await agent();
    clock.advance(60);
    await recordHeartbeat({ agentId: id, ...beat });
    clock.advance(30);
    expect(await sweepAgents()).toEqual({ ...nothing, rearmed: 1 });
    expect(await sweepAgents()).toEqual(nothing);
    clock.advance(60);
    expect(await sweepAgents()).toEqual({ ...nothing, silent: 1 });
    await recordHeartbeat({ agentId: id, ...beat });
    expect(await store.getAgent(id)).toMatchObject({ status: 'online' });
    clock.advance(90);
    expect(await sweepAgents()).toEqual({ ...nothing, silent: 1 });
  });

  it('leaves the units of a silent agent with its work, which lives on its lease', async () => {
    const { working, sweepAgents, clock, store } = await aWorld();
    const { agent, granted } = await working();
    clock.advance(90);
    await sweepAgents();
    expect(await store.getAgent(agent.id)).toMatchObject({ status: 'offline', reserved: 1 });
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'claimed' });
  });

  it('lets an agent win that says at the same moment that it lives', async () => {
    const { agent, recordHeartbeat, sweepAgents, clock, store, engine } = await aWorld();
    const { id } = await agent();
    clock.advance(90);
    engine.before('agent', () => recordHeartbeat({ agentId: id, ...beat }));
    expect(await sweepAgents()).toEqual(nothing);
    expect(await store.getAgent(id)).toMatchObject({ status: 'online' });
  });

  it('works for every tenant, and looks at the others before it passes a fault on', async () => {
    const world = await aWorld();
    const mine = await world.agent();
    const other = await world.addTenant('B');
    const theirs = await other.agent();
    world.clock.advance(90);
    world.engine.before('agent', () => Promise.reject(new Error('the table does not answer')));
    await expect(world.sweepAgents()).rejects.toThrow('1 of 2 could not be looked at');
    const statuses = [await world.store.getAgent(mine.id), await other.store.getAgent(theirs.id)].map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual(['offline', 'online']);
    expect(await world.sweepAgents()).toEqual({ ...nothing, silent: 1 });
  });
});

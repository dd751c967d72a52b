import { describe, expect, it } from 'vitest';
import { makePlaceAssignment } from '#application/place-assignment';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, LEASE_SECONDS, person, type World } from '#test/support/world';

const nothing = { routed: 0, waiting: 0, givenUp: 0, untouched: 0 };
const now = { everything: false };

/** An agent that routing can choose: it is online and has asked for work before. */
const known = async ({ agent, claim, store }: World, fields: Parameters<World['agent']>[0]) => {
  const { id } = await agent(fields);
  await claim(id, { maxAssignments: 0 });
  return store.getAgent(id);
};
const say = (world: World, agentId: string, status: 'healthy' | 'busy' | 'degraded') =>
  world.recordHeartbeat({ agentId, status, currentLoad: 0, leases: [] });
const workOf = async ({ store }: Pick<World, 'store'>, sessionId: string) => {
  const live = await store.findLive(sessionId);
  return store.getAssignment(live?.assignmentId ?? expect.fail());
};
const consumers = (world: World) => world.internals().flatMap(({ consumers: named = [] }) => named);

describe('waiting work', () => {
  it('is kept for an agent that has become able to do it, with a first right of its own', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    expect(await workOf(world, id)).toMatchObject({ waitingReason: 'registered' });
    const agent = await known(world, {});
    const other = await known(world, { name: 'OTHER', agentType: 'reviewer' });
    world.clock.advance(5);
    expect(await world.placeWork(now)).toEqual({ ...nothing, routed: 1 });
    const work = await workOf(world, id);
    expect(work).toMatchObject({ routedAgentId: agent.id, routedAt: '2026-05-04T12:00:05.000Z' });
    expect(work.waitingReason).toBeUndefined();
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 1, routed: 1 });
    world.clock.advance(9);
    expect((await world.claim(other.id)).granted).toEqual([]);
    world.clock.advance(1);
    expect((await world.claim(other.id)).granted).toHaveLength(1);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('is asked for by the events of agents that register, recover, fall silent or free a unit', async () => {
    const world = await aWorld();
    const asked = () => consumers(world).filter((name) => name === 'place-work').length;
    const counts: number[] = [];
    const { id } = await world.agent();
    counts.push(asked());
    await say(world, id, 'busy');
    await say(world, id, 'healthy');
    counts.push(asked());
    await world.running();
    const [granted] = (await world.claim(id)).granted;
    counts.push(asked());
    await world.submit(granted ?? expect.fail());
    counts.push(asked());
    await known(world, { name: 'NEXT' });
    const { id: routed } = await world.running();
    await world.cancelSession({ sessionId: routed, actor: person });
    world.clock.advance(90);
    await world.sweepAgents();
    counts.push(asked());
    // registered and online · busy and online · a grant · a result · another agent, a kept unit, two silences
    expect(counts).toEqual([2, 4, 4, 5, 10]);
  });

  it('says anew why it waits, and is not written while the reason stays', async () => {
    const world = await aWorld();
    const { id } = await world.running({ requiredCapabilities: ['testing'] });
    await world.agent();
    expect(await world.placeWork(now)).toEqual({ ...nothing, waiting: 1 });
    expect(await workOf(world, id)).toMatchObject({ waitingReason: 'reachable' });
    await known(world, { name: 'KNOWN' });
    await world.placeWork(now);
    expect(await workOf(world, id)).toMatchObject({ waitingReason: 'capable' });
    const before = world.everything();
    expect(await world.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(world.everything()).toEqual(before);
  });

  it('that nobody can take stops no other, however much of it there is', async () => {
    const world = await aWorld({ limit: 60 });
    for (let made = 0; made < 30; made++) await world.running({ requiredCapabilities: ['testing'] });
    world.clock.advance(1);
    const { id } = await world.running();
    await known(world, {});
    expect(await world.placeWork(now)).toMatchObject({ routed: 1, waiting: 30 });
    expect(await workOf(world, id)).toHaveProperty('routedAgentId');
  });

  it('is taken in the order of the queue, and behind the first page only while an agent has room', async () => {
    const world = await aWorld({ limit: 60 });
    const all: string[] = [];
    for (let made = 0; made < 40; made++) {
      all.push((await world.running()).id);
      world.clock.advance(1);
    }
    await known(world, { maxConcurrentTasks: 1 });
    expect(await world.placeWork(now)).toMatchObject({ routed: 1, waiting: 24 });
    expect(await workOf(world, all[0] as string)).toHaveProperty('routedAgentId');
    expect(await workOf(world, all[39] as string)).toMatchObject({ waitingReason: 'registered' });
    expect(await world.placeWork({ everything: true })).toMatchObject({ waiting: 15, untouched: 24 });
    expect(await workOf(world, all[39] as string)).toMatchObject({ waitingReason: 'capacity' });
  });

  it('is given to an agent that says it is degraded one at a time', async () => {
    const world = await aWorld();
    const agent = await known(world, { maxConcurrentTasks: 5 });
    await say(world, agent.id, 'degraded');
    await world.running();
    world.clock.advance(1);
    const { id } = await world.running();
    expect(await world.placeWork({ everything: true })).toEqual({ ...nothing, untouched: 1 });
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 1 });
    await say(world, agent.id, 'healthy');
    expect(await world.placeWork(now)).toEqual({ ...nothing, routed: 1 });
    expect(await workOf(world, id)).toMatchObject({ routedAgentId: agent.id });
  });

  it('of fifty sessions runs to its end on 3 + 2 units, one freed unit after the other', async () => {
    const world = await aWorld({ limit: 50 });
    const agents = [
      await known(world, { name: 'THREE', maxConcurrentTasks: 3 }),
      await known(world, { name: 'TWO', maxConcurrentTasks: 2 }),
    ];
    for (let made = 0; made < 50; made++) await world.running();
    const done: string[] = [];
    while (done.length < 50) {
      const claims = agents.map(({ id }) => world.claim(id, { maxAssignments: 5 }));
      const granted = (await Promise.all(claims)).flatMap((one) => one.granted);
      expect(granted).toHaveLength(5);
      for (const one of granted) {
        await world.submit(one);
        done.push(one.session.id);
        // what the consumer of the event does
        expect(await world.placeWork(now)).toMatchObject({ routed: done.length <= 45 ? 1 : 0 });
      }
    }
    expect(new Set(done).size).toBe(50);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('of another tenant is not looked at, nor are its agents', async () => {
    const world = await aWorld();
    const other = await world.addTenant('B');
    const { id } = await other.running();
    await known(world, {});
    expect(await world.placeWork(now)).toEqual(nothing);
    expect(await other.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(await workOf(other, id)).toMatchObject({ waitingReason: 'registered' });
  });
});

describe('work that its agent has let pass', () => {
  const lapsed = async (fields: Parameters<World['agent']>[0] = {}) => {
    const world = await aWorld();
    const first = await known(world, { name: 'FIRST', ...fields });
    const { id } = await world.running();
    world.clock.advance(9.999);
    expect(await world.placeWork(now)).toEqual(nothing);
    world.clock.advance(0.001);
    return { world, first, id };
  };

  it('is kept for another one, and the unit goes with it', async () => {
    const { world, first, id } = await lapsed();
    const second = await known(world, { name: 'SECOND', agentType: 'reviewer' });
    expect(await world.placeWork(now)).toEqual({ ...nothing, routed: 1 });
    expect(await workOf(world, id)).toMatchObject({ routedAgentId: second.id });
    expect(await world.store.getAgent(first.id)).toMatchObject({ reserved: 0, routed: 0 });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('stays as it is while nobody else fits, also where its unit is the last one', async () => {
    const { world, id, first } = await lapsed({ maxConcurrentTasks: 1 });
    const before = world.everything();
    expect(await world.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(world.everything()).toEqual(before);
    expect((await world.claim(first.id)).granted.map(({ session }) => session.id)).toEqual([id]);
  });

  it('gives the unit back when that agent cannot have it any more', async () => {
    const { world, first, id } = await lapsed();
    await say(world, first.id, 'busy');
    expect(await world.placeWork(now)).toEqual({ ...nothing, waiting: 1 });
    const work = await workOf(world, id);
    expect(work).toMatchObject({ waitingReason: 'reachable' });
    expect(work).not.toHaveProperty('routedAgentId');
    expect(await world.store.getAgent(first.id)).toMatchObject({ reserved: 0, routed: 0 });
  });
});

it('gives back a unit of an agent that the list of agents does not show yet', async () => {
  const world = await aWorld();
  const agent = await known(world, {});
  const { id } = await world.running();
  world.clock.advance(10);
  await say(world, agent.id, 'busy');
  const place = makePlaceAssignment(world);
  expect(await place(new Map(), await workOf(world, id))).toBe('waiting');
  expect(await workOf(world, id)).toMatchObject({ waitingReason: 'reachable' });
  expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 0, routed: 0 });
});

it('asks for another pass when somebody else claims it, or its session ends, as the unit is free again', async () => {
  const world = await aWorld();
  const asked = () => consumers(world).filter((name) => name === 'place-work').length;
  await known(world, { name: 'FIRST' });
  const other = await known(world, { name: 'OTHER', agentType: 'reviewer' });
  await world.running();
  world.clock.advance(10);
  const before = asked();
  expect((await world.claim(other.id)).granted).toHaveLength(1);
  expect(asked()).toBe(before + 1);
  const { id } = await world.running({ queueTtlSeconds: 60 });
  world.clock.advance(60);
  await world.sweepWaits();
  world.clock.advance(60);
  await world.sweepWaits();
  expect(await world.store.getSession(id)).toMatchObject({ status: 'failed', statusReason: 'no_agent' });
  expect(world.internals().at(-1)).toEqual({ consumers: ['wake', 'place-work'], wake: [id] });
});

describe('work that was given back', () => {
  it('goes to the agent of its newest checkpoint', async () => {
    const world = await aWorld();
    await known(world, { name: 'OTHER', agentType: 'reviewer' });
    await say(world, world.items('agent')[0]?.['id'] as string, 'busy');
    const worker = await known(world, { name: 'WORKER', agentType: 'reviewer' });
    const { id } = await world.running();
    const [granted] = (await world.claim(worker.id)).granted;
    await say(world, world.items('agent')[0]?.['id'] as string, 'healthy');
    const { assignment } = granted ?? expect.fail();
    const given = { assignmentId: assignment.id, agentId: worker.id, fencingToken: assignment.fencingToken };
    await world.releaseAssignment({ ...given, checkpoint: { data: { step: 1 }, trigger: 'before_stop' } });
    expect(await world.placeWork(now)).toEqual({ ...nothing, routed: 1 });
    expect(await workOf(world, id)).toMatchObject({ routedAgentId: worker.id, releasedBy: worker.id });
  });

  it('is given up by the sweep when nobody takes it in time', async () => {
    const world = await aWorld();
    const { session, granted, agent } = await world.working({ queueTtlSeconds: 60 });
    const { id: assignmentId, fencingToken } = granted.assignment;
    world.clock.advance(5);
    await world.releaseAssignment({ agentId: agent.id, assignmentId, fencingToken });
    await say(world, agent.id, 'busy');
    world.clock.advance(59.999);
    expect(await world.sweepWork()).toEqual({ ...nothing, waiting: 1 });
    world.clock.advance(0.001);
    expect(await world.sweepLeases()).toEqual({ expired: 0, rearmed: 0 });
    world.engine.before('session', () => world.sweepWork());
    expect(await world.sweepWork()).toMatchObject({ givenUp: 1 });
    expect(await world.store.getSession(session.id)).toMatchObject({
      status: 'failed',
      error: { code: 'AGENT_UNAVAILABLE' },
    });
    expect(await world.sweepWork()).toEqual(nothing);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });
});

describe('two passes at once', () => {
  it('keep the work for one agent', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    const agent = await known(world, { maxConcurrentTasks: 5 });
    world.engine.before('assignment', () => world.placeWork(now));
    expect(await world.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(await workOf(world, id)).toMatchObject({ routedAgentId: agent.id });
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 1, routed: 1 });
  });

  it('leave work alone that was claimed or ended meanwhile', async () => {
    const world = await aWorld();
    const [first, second] = [await world.running(), await world.running()];
    const agent = await known(world, { maxConcurrentTasks: 1 });
    world.engine.before('assignment', () => world.claim(agent.id));
    world.engine.before('assignment', () => world.cancelSession({ sessionId: second.id, actor: person }));
    expect(await world.placeWork(now)).toMatchObject({ routed: 0 });
    expect(await workOf(world, first.id)).toMatchObject({ state: 'claimed' });
    expect(await workOf(world, second.id)).toMatchObject({ state: 'cancelled' });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('leave work alone that its session has no use for any more', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    await known(world, {});
    const live = (await world.store.findLive(id)) ?? expect.fail();
    await world.store.commit([{ kind: 'session-live', before: live, after: { ...live, assignmentId: undefined } }]);
    expect(await world.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(world.items('assignment')).toMatchObject([{ state: 'pending', waitingReason: 'registered' }]);
  });

  it('route again when the agent has moved, and leave the work after three lost races', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    const agent = await known(world, {});
    const beat = () => say(world, agent.id, 'healthy');
    for (let lost = 0; lost < 2; lost++) world.engine.before('assignment', beat);
    expect(await world.placeWork(now)).toEqual({ ...nothing, routed: 1 });
    await world.cancelSession({ sessionId: id, actor: person });
    await say(world, agent.id, 'busy');
    const next = await world.running();
    await say(world, agent.id, 'healthy');
    for (let lost = 0; lost < 3; lost++) world.engine.before('assignment', beat);
    expect(await world.placeWork(now)).toEqual({ ...nothing, untouched: 1 });
    expect(await workOf(world, next.id)).toMatchObject({ waitingReason: 'reachable' });
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 0, routed: 0 });
  });
});

describe('the sweep of waiting work', () => {
  it('finds every tenant that has some, and looks at the others before it passes a fault on', async () => {
    const world = await aWorld();
    const [b, c] = [await world.addTenant('B'), await world.addTenant('C')];
    for (const tenant of [world, c]) await tenant.running();
    await b.working();
    expect(await world.sweepWork()).toEqual({ ...nothing, untouched: 2 });
    for (const tenant of [world, c]) {
      const { id } = await tenant.agent();
      await tenant.claim(id, { maxAssignments: 0 });
    }
    world.engine.before('assignment', () => Promise.reject(new Error('the table does not answer')));
    await expect(world.sweepWork()).rejects.toThrow('1 of 2 could not be looked at');
    expect(await world.sweepWork()).toEqual({ ...nothing, routed: 1 });
    expect(await world.sweepWork()).toEqual(nothing);
    world.clock.advance(LEASE_SECONDS);
    await world.sweepLeases();
    expect(await world.sweepWork()).toEqual(nothing);
  });
});

import { describe, expect, it } from 'vitest';
import { aRegistration } from '#test/support/an-agent';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, person, type World } from '#test/support/world';

/** An agent that routing can choose: it is online and has asked for work before. */
const known = async ({ agent, claim, store }: World, fields: Parameters<World['agent']>[0]) => {
  const { id } = await agent(fields);
  await claim(id);
  return store.getAgent(id);
};
const begun = async (world: World, work: Parameters<World['create']>[0] = {}) => {
  const { id } = await world.create({ ...work, start: true });
  await world.beginAttempt({ sessionId: id, run: 1 });
  return { sessionId: id, run: 1, taskToken: `agent-${id}` };
};
const workOf = async ({ store }: Pick<World, 'store'>, sessionId: string) => {
  const live = await store.findLive(sessionId);
  return store.getAssignment(live?.assignmentId ?? expect.fail());
};
const idsOf = ({ granted }: { granted: readonly { session: { id: string } }[] }) =>
  granted.map(({ session }) => session.id);

describe('dispatching work', () => {
  it('keeps it for the best agent and reserves one of its units in the same change', async () => {
    const world = await aWorld();
    const best = await known(world, { name: 'BEST', maxConcurrentTasks: 5 });
    await known(world, { name: 'OTHER', agentType: 'reviewer' });
    const { id } = await world.running();
    expect(await workOf(world, id)).toMatchObject({ state: 'pending', routedAgentId: best.id });
    expect((await workOf(world, id)).waitingReason).toBeUndefined();
    expect(await world.store.getAgent(best.id)).toMatchObject({ reserved: 1, routed: 1 });
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('prefers the agent that the session names', async () => {
    const world = await aWorld();
    await known(world, { name: 'AAA', agentType: 'reviewer' });
    const named = await known(world, { name: 'BBB', agentType: 'reviewer' });
    const { id } = await world.running({ input: { agentConfig: { default_agent: 'BBB' } } });
    expect(await workOf(world, id)).toMatchObject({ routedAgentId: named.id });
  });

  it('prefers nobody when the words of the session have left the table', async () => {
    const world = await aWorld();
    const { id: agentId } = await known(world, { name: 'ONE' });
    const wait = await begun(world);
    const input = { pk: `T#A#S#${wait.sessionId}`, sk: 'INPUT' };
    await world.engine.transact([{ remove: input, condition: { kind: 'exists' }, what: 'session-input' }]);
    await world.awaitAgent(wait);
    expect(await workOf(world, wait.sessionId)).toMatchObject({ routedAgentId: agentId });
  });

  it.each([
    ['registered', undefined, {}],
    ['capable', { name: 'ONE' }, { requiredCapabilities: ['security_audit'] }],
  ] as const)('says why nobody has it: %s', async (reason, fields, work) => {
    const world = await aWorld();
    if (fields) await known(world, fields);
    const { id } = await world.running(work as object);
    expect(await workOf(world, id)).toMatchObject({ state: 'pending', waitingReason: reason });
  });

  it('routes nothing to an agent that has never asked for work, or has fallen silent', async () => {
    const world = await aWorld();
    await world.agent({ name: 'NEW' });
    expect(await workOf(world, (await world.running()).id)).toMatchObject({ waitingReason: 'reachable' });
    await known(world, { name: 'OLD' });
    world.clock.advance(90);
    expect(await workOf(world, (await world.running()).id)).toMatchObject({ waitingReason: 'reachable' });
  });

  it('of fifty at once to 3 + 2 free units places exactly 5; the rest wait and run as units are freed', async () => {
    const world = await aWorld({ limit: 50 });
    const three = await known(world, { name: 'THREE', maxConcurrentTasks: 3 });
    const two = await known(world, { name: 'TWO', maxConcurrentTasks: 2 });
    const waits: Awaited<ReturnType<typeof begun>>[] = [];
    for (let made = 0; made < 50; made++) waits.push(await begun(world));
    await Promise.all(waits.map((wait) => world.awaitAgent(wait)));
    const work = world.items('assignment');
    expect(work.filter(({ routedAgentId }) => routedAgentId === three.id)).toHaveLength(3);
    expect(work.filter(({ routedAgentId }) => routedAgentId === two.id)).toHaveLength(2);
    expect(work.filter(({ waitingReason }) => waitingReason === 'capacity')).toHaveLength(45);
    expect(brokenInvariants(world.everything())).toEqual([]);
    const done = new Set<string>();
    while (done.size < 50) {
      const claimed = await Promise.all([three.id, two.id].map((id) => world.claim(id, { maxAssignments: 5 })));
      const granted = claimed.flatMap((one) => one.granted);
      expect(granted).toHaveLength(5);
      for (const one of granted) {
        await world.submit(one);
        done.add(one.session.id);
      }
    }
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('that loses every race for a unit leaves the work to whoever claims it', async () => {
    const world = await aWorld();
    const { id } = await known(world, { maxConcurrentTasks: 50 });
    const wait = await begun(world);
    const beat = () => world.recordHeartbeat({ agentId: id, status: 'healthy', currentLoad: 0, leases: [] });
    for (let lost = 0; lost < 7; lost++) world.engine.before('session-live', beat);
    await world.awaitAgent(wait);
    expect(await workOf(world, wait.sessionId)).toMatchObject({ waitingReason: 'capacity' });
    expect(await world.store.getAgent(id)).toMatchObject({ reserved: 0, routed: 0 });
  });

  it('never looks at agents of another tenant', async () => {
    const world = await aWorld();
    const other = await world.addTenant('B');
    await known(world, { name: 'MINE' });
    const { id } = await other.running();
    expect(await workOf(other, id)).toMatchObject({ waitingReason: 'registered' });
  });
});

describe('work that is routed', () => {
  /** Two agents, of which routing prefers the first. */
  const two = async () => {
    const world = await aWorld();
    const best = await known(world, { name: 'BEST', maxConcurrentTasks: 1 });
    const other = await known(world, { name: 'OTHER', agentType: 'reviewer', maxConcurrentTasks: 5 });
    return { ...world, best: best.id, other: other.id };
  };

  it('is claimed by its agent with the unit that was kept for it', async () => {
    const { running, claim, best, other, store } = await two();
    const { id } = await running();
    expect(await claim(other)).toMatchObject({ granted: [], moreWaits: true });
    expect(idsOf(await claim(best))).toEqual([id]);
    expect(await store.getAgent(best)).toMatchObject({ reserved: 1, routed: 0 });
  });

  it('may be claimed by another agent after 10 s, and gives its unit back', async () => {
    const { running, claim, best, other, store, clock, everything } = await two();
    const { id } = await running();
    clock.advance(9.999);
    expect(idsOf(await claim(other))).toEqual([]);
    clock.advance(0.001);
    expect(idsOf(await claim(other))).toEqual([id]);
    expect(await store.getAgent(best)).toMatchObject({ reserved: 0, routed: 0 });
    expect(await store.getAgent(other)).toMatchObject({ reserved: 1, routed: 0 });
    expect(brokenInvariants(everything())).toEqual([]);
  });

  it('comes before what is first in the queue', async () => {
    const { running, claim, best, other, recordHeartbeat, clock } = await two();
    await recordHeartbeat({ agentId: best, status: 'busy', currentLoad: 0, leases: [] });
    const first = await running();
    await recordHeartbeat({ agentId: best, status: 'healthy', currentLoad: 0, leases: [] });
    clock.advance(1);
    const own = await running();
    clock.advance(10);
    expect(idsOf(await claim(best, { maxAssignments: 2 }))).toEqual([own.id]);
    expect(idsOf(await claim(other))).toEqual([first.id]);
  });

  it('waits for its agent while that is busy with what it has in hand', async () => {
    const { running, claim, best, recordHeartbeat, store } = await two();
    await running();
    await recordHeartbeat({ agentId: best, status: 'healthy', currentLoad: 1, leases: [] });
    expect(await claim(best)).toMatchObject({ granted: [], moreWaits: true });
    expect(await store.getAgent(best)).toMatchObject({ reserved: 1, routed: 1 });
  });

  it('gives its unit back when the session is cancelled', async () => {
    const { running, best, cancelSession, store, everything } = await two();
    const { id } = await running();
    await cancelSession({ sessionId: id, actor: person });
    expect(await store.getAgent(best)).toMatchObject({ reserved: 0, routed: 0 });
    expect(brokenInvariants(everything())).toEqual([]);
  });

  it('is open to everybody when its agent registers anew', async () => {
    const world = await two();
    const { id } = await world.running();
    await world.registerAgent({
      registration: { ...(await world.store.getAgent(world.best)), maxConcurrentTasks: 3 },
      replace: true,
      by: { id: 'KEY', isLead: false },
    });
    expect(await workOf(world, id)).toMatchObject({ state: 'pending', waitingReason: 'reachable' });
    expect(await world.store.getAgent(world.best)).toMatchObject({ reserved: 0, routed: 0 });
    expect(idsOf(await world.claim(world.other))).toEqual([id]);
  });
});

describe('the dispatch queue', () => {
  it('has work that nobody can take stop no other, however much of it there is', async () => {
    const world = await aWorld({ limit: 60 });
    for (let made = 0; made < 30; made++) await world.running({ requiredCapabilities: ['security_audit'] });
    world.clock.advance(1);
    const { id } = await world.running();
    const agent = await world.agent();
    expect(idsOf(await world.claim(agent.id, { maxAssignments: 5 }))).toEqual([id]);
  });

  it('keeps work from the agent whose lease on it ran out, until it may have it again', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    const worker = await world.agent();
    const work = await workOf(world, id);
    const excludedUntil = new Date(world.clock.now() + 60_000).toISOString();
    const after = { ...work, excludedAgentId: worker.id, excludedUntil };
    await world.store.commit([{ kind: 'assignment', before: work, after }]);
    expect(idsOf(await world.claim(worker.id))).toEqual([]);
    world.clock.advance(60);
    expect(idsOf(await world.claim(worker.id))).toEqual([id]);
  });
});

describe('an agent that asks for work', () => {
  it('before its first heartbeat is known to be reachable and gets nothing', async () => {
    const { registerAgent, running, claim, store } = await aWorld();
    await running();
    const { agent } = await registerAgent({
      registration: aRegistration(),
      replace: false,
      by: { id: 'KEY', isLead: false },
    });
    expect(await claim(agent.id)).toMatchObject({ granted: [], moreWaits: false, reason: 'registered' });
    expect(await store.getAgent(agent.id)).toMatchObject({ verified: true, status: 'registered' });
  });

  it('lives, without heartbeats too; after a silence a heartbeat must say so', async () => {
    const { agent, claim, clock, store, sweepAgents, recordHeartbeat } = await aWorld();
    const { id } = await agent();
    for (let asked = 0; asked < 5; asked++) {
      clock.advance(60);
      await sweepAgents();
      expect(await claim(id)).toMatchObject({ granted: [], moreWaits: false });
    }
    clock.advance(90);
    await sweepAgents();
    expect(await claim(id)).toMatchObject({ reason: 'offline' });
    clock.advance(400);
    await sweepAgents();
    await sweepAgents();
    expect(await store.getAgent(id)).toMatchObject({ status: 'forgotten' });
    expect(await claim(id)).toMatchObject({ reason: 'offline' });
    await recordHeartbeat({ agentId: id, status: 'healthy', currentLoad: 0, leases: [] });
    expect(await claim(id)).toMatchObject({ granted: [], moreWaits: false });
  });
});

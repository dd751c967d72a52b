import { describe, expect, it } from 'vitest';
import { makeDueWork } from '#adapters/dynamodb/platform-store';
import { makeSweepGates } from '#application/sweep-gates';
import type { Gate } from '#domain/gate/gate';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, LEASE_SECONDS, person, type World } from '#test/support/world';

const setUnits = async ({ store }: World, agentId: string, units: { reserved: number; routed?: number }) => {
  const before = await store.getAgent(agentId);
  await store.commit([{ kind: 'agent', before, after: { ...before, ...units } }]);
};
const theGate = async ({ gate }: World): Promise<Gate> => (await gate()) ?? expect.fail();
const setGate = async (world: World, fields: Partial<Gate>) => {
  const before = await theGate(world);
  await world.store.commit([{ kind: 'gate', before, after: { ...before, ...fields } }]);
};
/** A holder whose session has none of it, as only a fault leaves one. */
const addHolder = async (world: World, owner: string) => {
  const before = await theGate(world);
  const holder = { owner, token: 1, since: before.dueAt ?? '' };
  await world.store.commit([
    { kind: 'gate', before, after: { ...before, held: before.held + 1 } },
    { kind: 'holder-added', gate: 'sessions', holder },
  ]);
};

describe("an agent's units", () => {
  it.each([[0], [2], [5]])(
    'that are counted as %i are set to the number of its assignments, and it is reported',
    async (wrong) => {
      const world = await aWorld();
      const { agent } = await world.working();
      await setUnits(world, agent.id, { reserved: wrong });
      world.clock.advance(90);
      await world.sweepAgents();
      expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 1, routed: 0 });
      expect(world.drifts).toEqual([{ tenantId: 'A', kind: 'agent', agentId: agent.id, drift: 1 - wrong }]);
      expect(brokenInvariants(world.everything())).toEqual([]);
    },
  );

  it('that are right are left alone and not reported', async () => {
    const world = await aWorld();
    const { agent } = await world.working();
    world.clock.advance(90);
    await world.sweepAgents();
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 1 });
    expect(world.drifts).toEqual([]);
  });

  it('are left to the next look when somebody moves the agent at the same moment', async () => {
    const world = await aWorld();
    const { agent, granted } = await world.working();
    await setUnits(world, agent.id, { reserved: 2 });
    world.clock.advance(90);
    world.engine.before('agent', () => world.sweepLeases());
    expect(await world.sweepAgents()).toEqual({ silent: 0, rearmed: 0 });
    expect(world.drifts).toEqual([]);
    expect(await world.store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'expired' });
    await world.sweepAgents();
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
    expect(world.drifts).toMatchObject([{ drift: -1 }]);
  });
});

describe('a gate', () => {
  it('frees a slot whose session does not hold it, lets the next one in and wakes it, all at once', async () => {
    const world = await aWorld({ limit: 2 });
    const first = await world.create({ start: true });
    await addHolder(world, 'GONE');
    const waiting = await world.create({ start: true });
    await world.awaitSlot({ sessionId: waiting.id, run: 1, taskToken: 'T' });
    world.clock.advance(60);
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 1 });
    expect(world.holders().toSorted()).toEqual([first.id, waiting.id].toSorted());
    expect(world.waiters()).toEqual([]);
    expect(await theGate(world)).toMatchObject({ held: 2, waiting: 0 });
    expect(world.drifts).toEqual([{ tenantId: 'A', kind: 'sessions', drift: -1, freed: ['GONE'], admitted: 1 }]);
    expect(world.internals().at(-1)).toEqual({ consumers: ['wake'], wake: [waiting.id] });
    expect((await world.eventsOf(waiting.id)).at(-1)).toMatchObject({ type: 'session.updated' });
    expect(await world.wakeSession(waiting.id)).toBe(true);
    expect(await world.beginAttempt({ sessionId: waiting.id, run: 1 })).toBe('begun');
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('frees the slot of a session that has ended', async () => {
    const world = await aWorld({ limit: 1 });
    const { id } = await world.create({ start: true });
    await world.cancelSession({ sessionId: id, actor: person });
    await addHolder(world, id);
    world.clock.advance(60);
    await world.sweepGates();
    expect(world.holders()).toEqual([]);
    expect(await theGate(world)).toMatchObject({ held: 0, waiting: 0 });
  });

  it('is recounted, and those who wait take what was free all the time', async () => {
    const world = await aWorld({ limit: 1 });
    await setGate(world, { held: 1 });
    const { id } = await world.create({ start: true });
    expect(world.waiters()).toEqual([id]);
    world.clock.advance(60);
    await world.sweepGates();
    expect(world.holders()).toEqual([id]);
    expect(world.drifts).toMatchObject([{ drift: -1, freed: [], admitted: 1 }]);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('that was given more room lets those in who wait, which is no drift', async () => {
    const world = await aWorld({ limit: 1 });
    await world.create({ start: true });
    const { id } = await world.create({ start: true });
    await setGate(world, { limit: 2 });
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 1 });
    expect(world.holders()).toContain(id);
    expect(world.drifts).toEqual([]);
    expect(brokenInvariants(world.everything())).toEqual([]);
  });

  it('that is gone is nothing to look at', async () => {
    const world = await aWorld();
    const due = { ...makeDueWork(world.engine), dueGates: async () => [{ tenantId: 'A', gate: 'gone' }] };
    const before = world.everything();
    const sweep = makeSweepGates({
      ...world,
      due,
      storeOf: () => world.store,
      report: (drift) => expect.fail(JSON.stringify(drift)),
    });
    expect(await sweep()).toEqual({ right: 1, mended: 0 });
    expect(world.everything()).toEqual(before);
  });

  it('lets nobody in who does not wait any more', async () => {
    const world = await aWorld({ limit: 1 });
    const { id } = await world.create();
    await setGate(world, { held: 0, waiting: 1 });
    const waiter = { owner: id, adjustedMs: 1, ticket: 'T', since: '' };
    await world.store.commit([{ kind: 'waiter-added', gate: 'sessions', waiter }]);
    expect(await world.sweepGates()).toEqual({ right: 1, mended: 0 });
    expect(world.holders()).toEqual([]);
  });

  it('is left alone where it is right, however many are inside and wait, and looked at a minute later', async () => {
    const world = await aWorld({ limit: 2 });
    await world.working();
    for (let made = 0; made < 3; made++) await world.create({ start: true });
    const { dueAt: _due, revision, ...before } = await theGate(world);
    expect(await world.sweepGates()).toEqual({ right: 1, mended: 0 });
    expect(await theGate(world)).toMatchObject({
      ...before,
      revision: revision + 1,
      dueAt: '2026-05-04T12:01:00.000Z',
    });
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 0 });
    expect(world.drifts).toEqual([]);
  });

  it('that somebody enters or leaves at the same moment is left to the next look', async () => {
    const world = await aWorld({ limit: 2 });
    await addHolder(world, 'GONE');
    world.engine.before('gate', () => world.create({ start: true }));
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 0 });
    expect(world.drifts).toEqual([]);
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 1 });
    expect(await theGate(world)).toMatchObject({ held: 1 });
  });

  it('of every tenant is recounted, and a fault with one keeps no other from it', async () => {
    const world = await aWorld();
    await world.addTenant('B');
    world.engine.before('gate', () => Promise.reject(new Error('the table does not answer')));
    await expect(world.sweepGates()).rejects.toThrow('1 of 2 could not be looked at');
    expect(await world.sweepGates()).toEqual({ right: 1, mended: 0 });
    world.clock.advance(LEASE_SECONDS);
    expect(await world.sweepGates()).toEqual({ right: 0, mended: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { makeCancelSession } from '#application/cancel-session';
import { NotFound, PreconditionFailed } from '#domain/errors';
import { emptyGate } from '#domain/gate/gate';
import { InvalidTransition } from '#domain/session/invalid-transition';
import { aWorld, person, type World } from '#test/support/world';

const cancel = (world: World, sessionId: string) => world.cancelSession({ sessionId, actor: person });

describe('cancelling a session', () => {
  it('that was never started stops no execution', async () => {
    const world = await aWorld();
    const { id } = await world.create();
    expect(await cancel(world, id)).toMatchObject({ status: 'cancelled', version: 2, statusReason: 'requested' });
    expect(world.internals()).toEqual([{ consumers: [] }]);
  });

  it('that waits for a slot gives up its place, and lets nobody in', async () => {
    const world = await aWorld({ limit: 1 });
    const holder = await world.create({ start: true });
    const waiter = await world.create({ start: true });
    const next = await world.create({ start: true });
    await cancel(world, waiter.id);
    expect(world.holders()).toEqual([holder.id]);
    expect(world.waiters()).toEqual([next.id]);
    expect(await world.gate()).toMatchObject({ held: 1, waiting: 1 });
    expect(world.internals().at(-1)).toEqual({
      consumers: ['stop-execution'],
      run: { sessionId: waiter.id, number: 1 },
    });
  });

  it('that holds a slot hands it to the first waiter in the same change, and wakes that one', async () => {
    const world = await aWorld({ limit: 1 });
    const holder = await world.create({ start: true });
    const low = await world.create({ start: true, priority: 'low' });
    const high = await world.create({ start: true, priority: 'high' });
    await cancel(world, holder.id);
    expect(world.holders()).toEqual([high.id]);
    expect(world.waiters()).toEqual([low.id]);
    expect(await world.gate()).toMatchObject({ held: 1, waiting: 1, lastToken: 2 });
    expect(world.internals().at(-1)).toMatchObject({ consumers: ['stop-execution', 'wake'], wake: [high.id] });
  });

  it('that works ends the assignment, gives the unit back, stops the clock and forgets the wait', async () => {
    const world = await aWorld();
    const { session, agent, granted } = await world.working();
    world.clock.advance(90);
    await cancel(world, session.id);
    expect(await world.store.getSession(session.id)).toMatchObject({ status: 'cancelled' });
    expect(await world.store.getAssignment(granted.assignment.id)).toMatchObject({ state: 'cancelled' });
    expect(await world.store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
    expect(await world.store.findLive(session.id)).toMatchObject({ activeSeconds: 90 });
    expect(await world.store.findLive(session.id)).not.toHaveProperty('clockStartedAt');
    expect(world.items('wait')).toEqual([]);
    expect(world.holders()).toEqual([]);
  });

  it('whose work nobody claimed takes it out of the dispatch queue', async () => {
    const world = await aWorld();
    const { id } = await world.running();
    await cancel(world, id);
    expect(await world.store.listPending(10)).toEqual([]);
  });

  it('right after its attempt began needs no assignment', async () => {
    const world = await aWorld();
    const { id } = await world.create({ start: true });
    await world.beginAttempt({ sessionId: id, run: 1 });
    expect(await cancel(world, id)).toMatchObject({ status: 'cancelled' });
    expect(world.holders()).toEqual([]);
  });

  it('twice changes nothing more, and answers the same', async () => {
    const world = await aWorld();
    const { session } = await world.working();
    const first = await cancel(world, session.id);
    const before = world.everything();
    expect(await cancel(world, session.id)).toEqual(JSON.parse(JSON.stringify(first)));
    expect(world.everything()).toEqual(before);
  });

  it('that has ended otherwise is an error', async () => {
    const world = await aWorld();
    const { session, granted } = await world.working();
    await world.submit(granted);
    await world.recordOutcome({ sessionId: session.id, run: 1 });
    await expect(cancel(world, session.id)).rejects.toThrow(InvalidTransition);
  });

  it('for a version that is not the current one is refused', async () => {
    const world = await aWorld();
    const { id } = await world.create();
    const request = { sessionId: id, actor: person, reason: 'no longer needed' };
    await expect(world.cancelSession({ ...request, ifVersion: 7 })).rejects.toThrow(PreconditionFailed);
    expect(await world.cancelSession({ ...request, ifVersion: 1 })).toMatchObject({ statusDetail: 'no longer needed' });
  });

  it('remembers the answer in the same change', async () => {
    const world = await aWorld();
    const { id } = await world.create();
    const record = {
      digest: 'key',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 200,
      body: 'answer',
      expiresAt: '2027-01-01T00:00:00.000Z',
    };
    await world.cancelSession({ sessionId: id, actor: person, remember: () => record });
    expect(await world.store.findIdempotency('key')).toEqual(record);
  });

  it('that is granted a slot at the same moment passes it on', async () => {
    const world = await aWorld({ limit: 1 });
    const [holder, waiter, next] = [
      await world.create({ start: true }),
      await world.create({ start: true }),
      await world.create({ start: true }),
    ];
    world.engine.before('session', () => cancel(world, holder.id));
    await cancel(world, waiter.id);
    expect(world.holders()).toEqual([next.id]);
    expect(await world.gate()).toMatchObject({ held: 1, waiting: 0 });
  });

  it('whose place in the queue seems gone decides anew', async () => {
    const world = await aWorld({ limit: 1 });
    const holder = await world.create({ start: true });
    const waiter = await world.create({ start: true });
    const gates = [emptyGate('sessions', 1, 1)];
    const findGate = async (name: string) => gates.pop() ?? world.store.findGate(name);
    const cancelSession = makeCancelSession({ ...world, store: { ...world.store, findGate } });
    expect(await cancelSession({ sessionId: waiter.id, actor: person })).toMatchObject({ status: 'cancelled' });
    expect(world.waiters()).toEqual([]);
    expect(world.holders()).toEqual([holder.id]);
  });

  it('of another tenant finds none', async () => {
    const world = await aWorld();
    const foreign = await (await world.addTenant('B')).create();
    await expect(cancel(world, foreign.id)).rejects.toThrow(NotFound);
  });
});

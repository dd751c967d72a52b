import { describe, expect, it } from 'vitest';
import { makeReadQueue, showQueue } from '#application/queue-view';
import { readSession, viewSession } from '#application/session-view';
import type { Priority } from '#domain/session/session';
import { aSession, NOON } from '#test/support/a-session';
import { aWorld, person, type World } from '#test/support/world';

const seen = async ({ store, clock }: World, id: string) => {
  const state = await readSession(store, id);
  return showQueue(viewSession(state, clock.now()), await makeReadQueue({ store })([state.session], clock.now()));
};

/** Minutes of the example: when each session came, in the order of coming. */
const ARRIVALS: readonly [name: string, minute: number, priority: Priority][] = [
  ['D1', 0, 'deferred'],
  ['M1', 90, 'medium'],
  ['L1', 95, 'low'],
  ['H1', 110, 'high'],
  ['M2', 115, 'medium'],
  ['C1', 130, 'critical'],
];

/** The queue of the example behind one holder, and what frees the slot again and again. */
const theQueue = async () => {
  const world = await aWorld({ limit: 1 });
  const { id: first } = await world.create({ title: 'First', start: true });
  const ids = new Map<string, string>();
  let now = 0;
  for (const [name, minute, priority] of ARRIVALS) {
    world.clock.advance((minute - now) * 60);
    now = minute;
    ids.set(name, (await world.create({ title: name, priority, start: true })).id);
  }
  const nameOf = (id: unknown) => [...ids].find(([, one]) => one === id)?.[0];
  const drain = async () => {
    const order: (string | undefined)[] = [];
    for (let holder: unknown = first; holder !== undefined; [holder] = world.holders()) {
      if (holder !== first) order.push(nameOf(holder));
      await world.cancelSession({ sessionId: String(holder), actor: person });
    }
    return order;
  };
  return { world, ids, drain };
};

describe('the queue for a slot', () => {
  it('is left in the order of the priorities and of the time waited', async () => {
    const { world, ids, drain } = await theQueue();
    const positions = await Promise.all([...ids].map(async ([name, id]) => [name, (await seen(world, id)).queue]));
    expect(Object.fromEntries(positions)).toMatchObject({
      C1: { position: 1, ahead: 0, reason: 'slot' },
      H1: { position: 2, ahead: 1 },
      M1: { position: 3 },
      M2: { position: 4 },
      D1: { position: 5 },
      L1: { position: 6, ahead: 5 },
    });
    expect(await drain()).toEqual(['C1', 'H1', 'M1', 'M2', 'D1', 'L1']);
  });

  it('is led by whoever becomes critical, counted from when it came', async () => {
    const { world, ids, drain } = await theQueue();
    await world.updateSession({ sessionId: ids.get('L1') as string, patch: { priority: 'critical' } });
    expect(await drain()).toEqual(['L1', 'C1', 'H1', 'M1', 'M2', 'D1']);
  });

  it('is no more shown from the moment a session has its slot', async () => {
    const world = await aWorld({ limit: 1 });
    const first = await world.create({ start: true });
    const second = await world.create({ start: true });
    expect(await seen(world, first.id)).not.toHaveProperty('queue');
    expect((await seen(world, second.id)).queue).toMatchObject({ position: 1, waitingSince: NOON });
    await world.cancelSession({ sessionId: first.id, actor: person });
    expect(await seen(world, second.id)).toMatchObject({ status: 'queued' });
    expect(await seen(world, second.id)).not.toHaveProperty('queue');
  });

  it('tells how long it will take once five sessions have ended that had worked', async () => {
    const world = await aWorld({ limit: 1 });
    const workFor = async (seconds: number) => {
      const { session, granted } = await world.working();
      world.clock.advance(seconds);
      await world.submit(granted);
      await world.recordOutcome({ sessionId: session.id, run: 1 });
    };
    const waits = async () => {
      const { session } = await world.working();
      const waiting = await world.create({ start: true });
      const { queue } = await seen(world, waiting.id);
      for (const { id } of [waiting, session]) await world.cancelSession({ sessionId: id, actor: person });
      return queue;
    };
    for (const seconds of [5, 25, 10, 20]) await workFor(seconds);
    expect(await waits()).toMatchObject({ position: 1, estimatedWaitSeconds: undefined });
    expect((await world.gate())?.stays).toEqual([5, 25, 10, 20, 0]);
    await workFor(15);
    expect(await waits()).toMatchObject({ position: 1, estimatedWaitSeconds: 13 });
  });

  it('does not count a session that never began', async () => {
    const world = await aWorld({ limit: 1 });
    const { id } = await world.create({ start: true });
    await world.cancelSession({ sessionId: id, actor: person });
    expect((await world.gate())?.stays).toBeUndefined();
  });

  it('says nothing of the place of one behind the first thousand', async () => {
    const { store } = await aWorld();
    const session = aSession({ id: 'LATE', status: 'queued', queuePlace: { adjustedMs: 1, ticket: 'T', since: NOON } });
    const places = await makeReadQueue({ store })([session], 0);
    expect(showQueue({ id: 'LATE', queue: { reason: 'slot' } }, places)).toEqual({
      id: 'LATE',
      queue: { reason: 'slot' },
    });
  });

  it('is not read when nobody of a list waits', async () => {
    const { store } = await aWorld();
    const reader = makeReadQueue({
      store: { ...store, findGate: () => Promise.reject(new Error('the gate was read')) },
    });
    expect(await reader([aSession()], 0)).toEqual(new Map());
  });
});

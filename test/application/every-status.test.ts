import { expect, it } from 'vitest';
import { SESSION_STATUSES, type SessionStatus } from '#domain/session/status';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person, type World } from '#test/support/world';

/** Ends the work of an agent with a result, and the session with it. */
const handedIn = async (world: World, fields: Parameters<typeof aResult>[0]) => {
  const { session, granted } = await world.working();
  await world.submit(granted, { result: aResult(fields) });
  await world.recordOutcome({ sessionId: session.id, run: 1 });
  return session.id;
};

/** How a session comes to a status: by what a person or an agent does, or by time. */
const WAYS: Partial<Record<SessionStatus, (world: World) => Promise<string>>> = {
  pending: async ({ create }) => (await create()).id,
  queued: async ({ create }) => (await create({ start: true })).id,
  running: async ({ running }) => (await running()).id,
  completed: (world) => handedIn(world, { status: 'completed' }),
  partially_completed: (world) => handedIn(world, { status: 'completed', partial: true }),
  failed: (world) => handedIn(world, { status: 'failed' }),
  stopped: (world) => handedIn(world, { status: 'stopped' }),
  cancelled: async ({ create, cancelSession }) => {
    const { id } = await create();
    await cancelSession({ sessionId: id, actor: person });
    return id;
  },
  timeout: async ({ create, clock, sweepWaits }) => {
    await create({ start: true });
    const { id } = await create({ start: true, queueTtlSeconds: 60 });
    clock.advance(120);
    await sweepWaits();
    return id;
  },
  orphaned: async ({ create, clock, sweepWaits }) => {
    const { id } = await create({ start: true });
    for (let silences = 0; silences < 4; silences++) {
      clock.advance(120);
      await sweepWaits();
    }
    return id;
  },
};

it.each(Object.entries(WAYS))('a session can become %s', async (status, reach) => {
  const world = await aWorld({ limit: 1 });
  const id = await reach(world);
  expect(await world.store.getSession(id)).toMatchObject({ status });
});

it('every status can be reached but those that no operation leads to yet', () => {
  const unreachable: SessionStatus[] = ['paused', 'degraded'];
  expect([...Object.keys(WAYS), ...unreachable].sort()).toEqual([...SESSION_STATUSES].sort());
});

import { expect, it } from 'vitest';
import { aWorld } from '#test/support/world';

it('a driver whose wake was lost is told again that its work has ended', async () => {
  const { working, submit, sweepWaits, clock, internals, wakeSession, tokens, judgeOutcome } = await aWorld();
  const { session, granted } = await working();
  await submit(granted);
  const wakes = () => internals().filter(({ wake }) => wake?.includes(session.id)).length;
  expect(wakes()).toBe(1);
  for (let minutes = 0; minutes < 5; minutes++) {
    clock.advance(60);
    await sweepWaits();
  }
  expect(wakes()).toBeGreaterThan(1);
  expect(await wakeSession(session.id)).toBe(true);
  expect(tokens.completed).toEqual([`agent-${session.id}`]);
  expect(await judgeOutcome({ sessionId: session.id, run: 1 })).toBe('completed');
  const told = wakes();
  await sweepWaits();
  expect(wakes()).toBe(told);
});

it('a driver whose wake was lost is told again that its session has a slot', async () => {
  const { create, cancelSession, awaitSlot, sweepWaits, clock, internals, wakeSession } = await aWorld({ limit: 1 });
  const first = await create({ start: true });
  const { id } = await create({ start: true, queueTtlSeconds: 600 });
  await awaitSlot({ sessionId: id, run: 1, taskToken: 'T' });
  await cancelSession({ sessionId: first.id, actor: { kind: 'user', id: 'USER' } });
  const wakes = () => internals().filter(({ wake }) => wake?.includes(id)).length;
  clock.advance(600);
  await sweepWaits();
  expect(wakes()).toBe(2);
  expect(await wakeSession(id)).toBe(true);
});

it('a driver that waits with a slot is told so within minutes, not at the end of its time in the queue', async () => {
  const world = await aWorld({ limit: 1 });
  const { create, cancelSession, awaitSlot, sweepWaits, sweepGates, clock, internals, wakeSession } = world;
  const first = await create({ start: true });
  const { id } = await create({ start: true });
  await awaitSlot({ sessionId: id, run: 1, taskToken: 'T' });
  await cancelSession({ sessionId: first.id, actor: { kind: 'user', id: 'USER' } });
  const wakes = () => internals().filter(({ wake }) => wake?.includes(id)).length;
  const minute = async () => {
    clock.advance(60);
    await sweepGates();
    await sweepWaits();
    return wakes();
  };
  expect(await minute()).toBe(1);
  expect(await minute()).toBe(2);
  expect(await minute()).toBe(2);
  expect(await wakeSession(id)).toBe(true);
  expect(await world.beginAttempt({ sessionId: id, run: 1 })).toBe('begun');
  expect(await minute()).toBe(2);
});

import { describe, expect, it } from 'vitest';
import { NotFound } from '#domain/errors';
import { aWorld, person } from '#test/support/world';

/** A session that somebody cancels and deletes before its driver comes to its next step. */
const deletedAtOnce = async () => {
  const world = await aWorld();
  const { id: sessionId } = await world.create({ start: true });
  await world.cancelSession({ sessionId, actor: person });
  await world.deleteSession({ sessionId });
  return { ...world, sessionId, step: { sessionId, run: 1, taskToken: 'token' } };
};

describe('the driver of a session that was deleted right after its cancel', () => {
  it('has no slot to wait for', async () => {
    const { awaitSlot, tokens, step } = await deletedAtOnce();
    await awaitSlot(step);
    expect(tokens.completed).toEqual(['token']);
  });

  it('begins no attempt', async () => {
    const { beginAttempt, step, everything } = await deletedAtOnce();
    const before = everything();
    expect(await beginAttempt(step)).toBe('ended');
    expect(everything()).toEqual(before);
  });

  it('has no agent to wait for', async () => {
    const { awaitAgent, tokens, step } = await deletedAtOnce();
    await awaitAgent(step);
    expect(tokens.completed).toEqual(['token']);
  });

  it('judges and records that it was cancelled', async () => {
    const { judgeOutcome, recordOutcome, step } = await deletedAtOnce();
    expect(await judgeOutcome(step)).toBe('cancelled');
    expect(await recordOutcome(step)).toMatchObject({ status: 'cancelled' });
  });

  it('still fails on one that never was', async () => {
    const { beginAttempt } = await aWorld();
    await expect(beginAttempt({ sessionId: 'UNKNOWN', run: 1 })).rejects.toThrow(NotFound);
  });
});

it('a claim passes over work whose session was cancelled and deleted while it granted other work', async () => {
  const { running, agent, claim, engine, cancelSession, deleteSession } = await aWorld();
  const kept = await running();
  const { id: sessionId } = await running();
  const { id } = await agent();
  engine.before('assignment', async () => {
    await cancelSession({ sessionId, actor: person });
    await deleteSession({ sessionId });
  });
  expect(await claim(id, { maxAssignments: 2 })).toMatchObject({ granted: [{ session: { id: kept.id } }] });
});

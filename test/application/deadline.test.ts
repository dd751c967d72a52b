import { describe, expect, it } from 'vitest';
import { AssignmentClosed } from '#domain/assignment/errors';
import { aWorld } from '#test/support/world';

const MAX_SECONDS = 600;

/** A session at work whose agent keeps its lease as long as it may: to the end of the grace. */
const atWork = async () => {
  const world = await aWorld();
  const { session, granted } = await world.working({ maxDurationSeconds: MAX_SECONDS });
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  await world.extendLease({ assignmentId, agentId, fencingToken, leaseSeconds: 3600 });
  /** What the sweeper and the driver do, so many seconds after the deadline. */
  const lookAt = async (late: number) => {
    world.clock.advance(late);
    await world.sweepLeases();
    const judgement = await world.judgeOutcome({ sessionId: session.id, run: 1 });
    if (judgement !== 'open') await world.recordOutcome({ sessionId: session.id, run: 1 });
    return (await world.store.getSession(session.id)).status;
  };
  world.clock.advance(MAX_SECONDS);
  return { ...world, granted, id: session.id, lookAt };
};

describe('the longest working time of a session', () => {
  it('ends it 30 s after the deadline when no result has come, with the reason, and not earlier', async () => {
    const { lookAt, store, id, holders } = await atWork();
    expect(await lookAt(29.999)).toBe('running');
    expect(await lookAt(0.001)).toBe('timeout');
    expect(await store.getSession(id)).toMatchObject({
      statusReason: 'max_duration',
      error: { code: 'SESSION_TIMEOUT' },
    });
    expect(await store.findLive(id)).toMatchObject({ activeSeconds: MAX_SECONDS });
    expect(holders()).toEqual([]);
  });

  it('lets a result count that comes 20 s late', async () => {
    const { lookAt, submit, granted, clock } = await atWork();
    clock.advance(20);
    await submit(granted);
    expect(await lookAt(0)).toBe('completed');
  });

  it('refuses a result that comes 40 s late, after the timeout', async () => {
    const { lookAt, submit, granted, store, id } = await atWork();
    expect(await lookAt(40)).toBe('timeout');
    await expect(submit(granted)).rejects.toThrow(AssignmentClosed);
    expect(await store.getSession(id)).toMatchObject({ status: 'timeout' });
  });
});

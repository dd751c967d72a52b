import { describe, expect, it } from 'vitest';
import { makeRestoreCheckpoint } from '#application/restore-checkpoint';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { brokenInvariants } from '#test/support/broken-invariants';
import { aWorld, LEASE_SECONDS, person, type World } from '#test/support/world';

/** Two who act at once, on a world that was made for them. */
interface Rivals {
  readonly world: World;
  readonly sessionId: string;
  readonly one: () => Promise<unknown>;
  readonly other: () => Promise<unknown>;
  /** What part of a change of each the other one steps in before. @default session */
  readonly at?: string;
}

const settled = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

/**
 * Lets the second of two commit in the last moment before the first does, and after it has; either way the first commit
 * stands. Answers what became of both and of the session.
 */
const race = async (make: () => Promise<Rivals>, winner: 'one' | 'other') => {
  const { world, sessionId, at = 'session', ...rivals } = await make();
  const loser = winner === 'one' ? 'other' : 'one';
  const outcomes: Record<string, string> = {};
  world.engine.before(at, async () => {
    outcomes[winner] = await settled(rivals[winner]);
  });
  outcomes[loser] = await settled(rivals[loser]);
  expect(brokenInvariants(world.everything())).toEqual([]);
  const session = await world.store.findSession(sessionId);
  return { outcomes, session, world };
};

const start = (world: World, sessionId: string) => () =>
  world.startSession({ sessionId, onQuota: 'queue', actor: person });
const cancel = (world: World, sessionId: string) => () => world.cancelSession({ sessionId, actor: person });
const retryOf = (world: World, sessionId: string) => () =>
  world.retrySession({ sessionId, actor: person, fromScratch: false, force: false, start: true, onQuota: 'queue' });

/** The agent hands in, and the driver ends the session. */
const handIn = async (world: World) => {
  const { session, granted } = await world.working();
  const submit = () => world.submit(granted, { result: aResult() });
  const record = () => world.recordOutcome({ sessionId: session.id, run: 1 });
  return { sessionId: session.id, granted, submit, record };
};

describe.each(['one', 'other'] as const)('when of two the %s is first', (winner) => {
  const isFirst = winner === 'one';

  it('a cancel and the end of the work: the first stands, the slot is free', async () => {
    const make = async () => {
      const world = await aWorld({ limit: 1 });
      const { sessionId, submit, record } = await handIn(world);
      await submit();
      return { world, sessionId, one: cancel(world, sessionId), other: record };
    };
    const { outcomes, session, world } = await race(make, winner);
    expect(session?.status).toBe(isFirst ? 'cancelled' : 'completed');
    expect(outcomes).toEqual({ one: isFirst ? 'done' : 'INVALID_TRANSITION', other: 'done' });
    expect(world.holders()).toEqual([]);
  });

  it('a cancel and a result: the result is refused, or accepted and not used', async () => {
    const make = async () => {
      const world = await aWorld();
      const { sessionId, submit } = await handIn(world);
      return { world, sessionId, one: cancel(world, sessionId), other: submit, at: 'assignment' };
    };
    const { outcomes, session } = await race(make, winner);
    expect(session?.status).toBe('cancelled');
    expect(outcomes['one']).toBe('done');
  });

  it('the end of a lease and a result: the first commit stands', async () => {
    const make = async () => {
      const world = await aWorld();
      const { sessionId, submit, granted } = await handIn(world);
      world.clock.advance(LEASE_SECONDS - 1);
      const one = async () => {
        world.clock.advance(1);
        await world.sweepLeases();
        if ((await world.store.getAssignment(granted.assignment.id)).state !== 'expired') throw new Error('too late');
      };
      const inTime = async () => {
        world.clock.advance(-1);
        await submit();
        world.clock.advance(1);
      };
      return { world, sessionId, one, other: isFirst ? submit : inTime, at: 'assignment' };
    };
    const { outcomes, world } = await race(make, winner);
    const [work] = world.items('assignment');
    expect(work?.['state']).toBe(isFirst ? 'expired' : 'completed');
    expect(outcomes).toEqual(
      isFirst ? { one: 'done', other: 'ASSIGNMENT_CLOSED' } : { one: 'Error: too late', other: 'done' },
    );
  });

  it('a cancel and the slot that is passed on: never a slot without a session', async () => {
    const make = async () => {
      const world = await aWorld({ limit: 1 });
      const holder = await world.create({ start: true });
      const waiter = await world.create({ start: true });
      const next = await world.create({ start: true });
      const one = cancel(world, waiter.id);
      return { world, sessionId: next.id, one, other: cancel(world, holder.id), at: 'gate' };
    };
    const { outcomes, world, session } = await race(make, winner);
    expect(outcomes).toEqual({ one: 'done', other: 'done' });
    expect(world.holders()).toEqual([session?.id]);
    expect(world.waiters()).toEqual([]);
  });

  it('a cancel and the beginning of the attempt: it is cancelled, and the slot is passed on', async () => {
    const make = async () => {
      const world = await aWorld({ limit: 1 });
      const { id: sessionId } = await world.create({ start: true });
      await world.create({ start: true });
      return {
        world,
        sessionId,
        one: cancel(world, sessionId),
        other: () => world.beginAttempt({ sessionId, run: 1 }),
      };
    };
    const { world, session } = await race(make, winner);
    expect(session).toMatchObject({ status: 'cancelled' });
    expect(world.holders()).toHaveLength(1);
    expect(world.holders()).not.toContain(session?.id);
  });

  it('a start and a deletion: exactly one happens', async () => {
    const make = async () => {
      const world = await aWorld();
      const { id: sessionId } = await world.create();
      const other = () => world.deleteSession({ sessionId });
      return { world, sessionId, one: start(world, sessionId), other };
    };
    const { outcomes, world } = await race(make, winner);
    expect(outcomes).toEqual(
      isFirst ? { one: 'done', other: 'INVALID_TRANSITION' } : { one: 'SESSION_NOT_FOUND', other: 'done' },
    );
    expect(world.holders()).toHaveLength(isFirst ? 1 : 0);
  });

  it('a child and the deletion of its parent: the one committed first decides', async () => {
    const make = async () => {
      const world = await aWorld();
      const { id: sessionId } = await world.create();
      const one = () => world.create({ parentId: sessionId });
      return { world, sessionId, one, other: () => world.deleteSession({ sessionId }) };
    };
    const { outcomes, world } = await race(make, winner);
    expect(outcomes).toEqual({ one: isFirst ? 'done' : 'SESSION_NOT_FOUND', other: 'done' });
    expect(world.items('session')).toHaveLength(isFirst ? 2 : 1);
  });

  it('two starts: exactly one happens', async () => {
    const make = async () => {
      const world = await aWorld();
      const { id: sessionId } = await world.create();
      return { world, sessionId, one: start(world, sessionId), other: start(world, sessionId) };
    };
    const { outcomes, session } = await race(make, winner);
    expect(Object.values(outcomes).sort()).toEqual(['INVALID_TRANSITION', 'done']);
    expect(session).toMatchObject({ status: 'queued', run: 1, version: 2 });
  });

  it('two retries: exactly one happens', async () => {
    const make = async () => {
      const world = await aWorld();
      const { sessionId, granted } = await handIn(world);
      await world.submit(granted, { result: aResult({ status: 'failed' }) });
      await world.recordOutcome({ sessionId, run: 1 });
      return { world, sessionId, one: retryOf(world, sessionId), other: retryOf(world, sessionId) };
    };
    const { outcomes, session } = await race(make, winner);
    expect(Object.values(outcomes).sort()).toEqual(['INVALID_TRANSITION', 'done']);
    expect(session).toMatchObject({ status: 'queued', attempt: 2, run: 2 });
  });

  it('a retry and a restore: the choice counts for the attempt, or is refused', async () => {
    const make = async () => {
      const { world, sessionId, restore } = await withCheckpoints(2);
      return { world, sessionId, one: retryOf(world, sessionId), other: () => restore(1) };
    };
    const { outcomes, session, world } = await race(make, winner);
    expect(outcomes).toEqual({ one: 'done', other: isFirst ? 'INVALID_TRANSITION' : 'done' });
    await world.beginAttempt({ sessionId: session?.id ?? '', run: 2 });
    const { workCheckpoint } = await world.store.getSession(session?.id ?? '');
    expect(workCheckpoint?.sequence).toBe(isFirst ? 2 : 1);
  });

  it('a raised working time and its end: the deadline moves, or the work has ended', async () => {
    const make = async () => {
      const world = await aWorld();
      const { session, granted } = await world.working({ maxDurationSeconds: 60 });
      const sessionId = session.id;
      await world.submit(granted, { result: aResult({ status: 'timeout' }) });
      const one = () => world.updateSession({ sessionId, patch: { maxDurationSeconds: 600 } });
      return { world, sessionId, one, other: () => world.recordOutcome({ sessionId, run: 1 }) };
    };
    const { outcomes, session } = await race(make, winner);
    expect(outcomes).toEqual({ one: 'done', other: 'done' });
    expect(session).toMatchObject({ status: 'timeout', maxDurationSeconds: 600 });
  });

  it('two runs of a session: only the newer one writes', async () => {
    const make = async () => {
      const world = await aWorld();
      const { id: sessionId } = await world.create({ start: true });
      const one = () => world.recoverSession({ sessionId, run: 1 });
      return { world, sessionId, one, other: () => world.beginAttempt({ sessionId, run: 1 }) };
    };
    const { world, session } = await race(make, winner);
    expect(session).toMatchObject({ run: 2, status: isFirst ? 'queued' : 'running' });
    const before = world.everything();
    expect(await world.beginAttempt({ sessionId: session?.id ?? '', run: 1 })).toBe('superseded');
    expect(await world.judgeOutcome({ sessionId: session?.id ?? '', run: 1 })).toBe('superseded');
    expect(world.everything()).toEqual(before);
  });
});

/** A failed session that has made some checkpoints. */
const withCheckpoints = async (count: number) => {
  const world = await aWorld();
  const { session, granted } = await world.working();
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  for (let eventSeq = 1; eventSeq <= count; eventSeq++) {
    const event: WorkEvent = { type: 'checkpoint', eventSeq, timestamp: NOON, trigger: 'manual', data: { eventSeq } };
    await world.reportEvents({ agentId, assignmentId, fencingToken, events: [event] });
  }
  await world.submit(granted, { result: aResult({ status: 'failed' }) });
  await world.recordOutcome({ sessionId: session.id, run: 1 });
  const { store, clock, ids } = world;
  const restore = async (sequence: number) => {
    const checkpoint = await store.findCheckpoint(session.id, sequence);
    const input = { sessionId: session.id, checkpointId: checkpoint?.id ?? '' };
    return makeRestoreCheckpoint({ store, clock, ids })(input);
  };
  return { world, sessionId: session.id, restore };
};

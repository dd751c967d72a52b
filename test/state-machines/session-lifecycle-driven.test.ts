import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Granted } from '#application/claim-assignments';
import { aResult } from '#test/support/a-work-item';
import { type DrivenWorld, killed } from '#test/support/driven-world';
import { person } from '#test/support/world';
import { A_DAY, aWorld, handIn, loadHandlers, restsIn, statusOf, work, working } from './driven-session.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-session.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-session.ts')).tokensOfTheWorld);
beforeAll(loadHandlers);

describe('a plain session', () => {
  it('goes from its start to its result, and its execution is green', async () => {
    const { world, session, granted, execution } = await working();
    await handIn(world, granted);
    expect(execution.history).toMatchObject({ status: 'SUCCEEDED' });
    expect(execution.history.entered.at(-1)?.state).toBe('Session Completed');
    await restsIn(world, session.id, 'completed');
  });

  it('takes the same few transitions and writes, for a minute, an hour or 20 hours of waiting', async () => {
    const counts: { transitions: number; writes: number; whileWaiting: number }[] = [];
    for (const seconds of [60, 3600, 72_000]) {
      const world = await aWorld({ limit: 1 });
      const first = await world.create(work);
      await world.settle();
      const session = await world.create(work);
      await world.pass(1);
      const before = world.writes();
      await world.pass(seconds);
      const inQueue = world.writes() - before;
      await world.cancelSession({ sessionId: first.id, actor: person });
      await world.pass(1);
      const agent = await world.agent();
      const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
      const claimed = world.writes();
      await world.pass(seconds);
      const onAgent = world.writes() - claimed;
      await handIn(world, granted[0] as Granted);
      const { history } = world.executionOf(session.id);
      expect(history.status).toBe('SUCCEEDED');
      counts.push({ transitions: history.transitions, writes: world.writes(), whileWaiting: inQueue + onAgent });
    }
    expect(counts[0]?.transitions).toBeLessThanOrEqual(12);
    expect(counts[0]?.whileWaiting).toBe(0);
    expect(counts[0]?.writes).toBeGreaterThan(10);
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
  });

  it('is red with the reason when its checks do not pass', async () => {
    const { world, session, granted, execution } = await working();
    await world.submit(granted, { result: aResult() });
    await world.settle();
    expect(execution.history).toMatchObject({
      status: 'FAILED',
      error: 'VERIFICATION_FAILED',
      cause: 'verification failed: tests',
    });
    await restsIn(world, session.id, 'failed');
  });

  it('waits for the slot of another one, in order', async () => {
    const world = await aWorld({ limit: 1 });
    const [one, two] = [await world.create(work), await world.create(work)];
    await world.settle();
    expect(world.executionOf(two.id).history.entered.at(-1)?.state).toBe('Claim Slot');
    const agent = await world.agent();
    const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
    expect(granted[0]?.assignment.sessionId).toBe(one.id);
    await handIn(world, granted[0] as Granted);
    expect(world.executionOf(two.id).history.entered.at(-1)?.state).toBe('Run On Agent');
    expect(await statusOf(world, two.id)).toBe('running');
  });
});

describe('a cancel', () => {
  const cancel = async (world: DrivenWorld, sessionId: string) => {
    await world.cancelSession({ sessionId, actor: person });
    await world.settle();
  };

  it('ends the wait for a slot', async () => {
    const world = await aWorld({ limit: 1 });
    await world.create(work);
    const waiting = await world.create(work);
    await world.settle();
    await cancel(world, waiting.id);
    expect(world.executionOf(waiting.id).history).toMatchObject({ status: 'ABORTED', error: 'SessionEnded' });
    expect(await statusOf(world, waiting.id)).toBe('cancelled');
    expect(await world.store.findWait(waiting.id)).toBeUndefined();
  });

  it('ends the wait for an agent', async () => {
    const world = await aWorld();
    const session = await world.create(work);
    await world.settle();
    await cancel(world, session.id);
    expect(world.executionOf(session.id).history).toMatchObject({ status: 'ABORTED', error: 'SessionEnded' });
    await restsIn(world, session.id, 'cancelled');
  });

  it('ends the work of an agent, whose late result is refused', async () => {
    const { world, session, granted, execution } = await working();
    await cancel(world, session.id);
    expect(execution.history.status).toBe('ABORTED');
    await expect(handIn(world, granted)).rejects.toThrow();
    await restsIn(world, session.id, 'cancelled');
  });

  it('wins against a step that is about to write', async () => {
    const world = await aWorld();
    const session = await world.create(work);
    world.inPlaceOf('Begin Attempt', async (_call, step) => {
      await world.cancelSession({ sessionId: session.id, actor: person });
      return step();
    });
    await world.settle();
    expect(world.executionOf(session.id).history.status).not.toBe('RUNNING');
    await restsIn(world, session.id, 'cancelled');
  });
});

describe('a token', () => {
  it('changes nothing when it is completed twice', async () => {
    const { world, session, granted, execution } = await working();
    await handIn(world, granted);
    const after = world.everything();
    for (const token of [...world.tokens.completed]) await world.tokens.complete(token);
    await world.wakeSession(session.id);
    await world.settle();
    expect(execution.history).toMatchObject({ status: 'SUCCEEDED', transitions: 10 });
    expect(world.everything()).toEqual(after);
  });

  it('changes nothing when it is completed although its wait is not over', async () => {
    const { world, session, granted, execution } = await working();
    const wait = await world.store.findWait(session.id);
    await world.tokens.complete(wait?.taskToken ?? '');
    await world.settle();
    expect(execution.history.entered.at(-1)?.state).toBe('Run On Agent');
    expect(execution.history.status).toBe('RUNNING');
    await handIn(world, granted);
    expect(execution.history.status).toBe('SUCCEEDED');
    await restsIn(world, session.id, 'completed');
  });

  it('is completed late, after somebody else has ended the session', async () => {
    const { world, session, execution } = await working();
    const wait = await world.store.findWait(session.id);
    await world.cancelSession({ sessionId: session.id, actor: person });
    await world.settle();
    const after = world.everything();
    await world.tokens.complete(wait?.taskToken ?? '');
    await world.settle();
    expect(execution.history.status).toBe('ABORTED');
    expect(world.everything()).toEqual(after);
  });

  it('is completed by the step itself when the slot was given before it was stored', async () => {
    const world = await aWorld({ limit: 1 });
    const first = await world.create(work);
    await world.settle();
    const second = await world.create(work);
    world.inPlaceOf('Claim Slot', async (_call, step) => {
      await world.cancelSession({ sessionId: first.id, actor: person });
      // its event comes while nothing is stored yet
      await world.wakeSession(second.id);
      return step();
    });
    await world.settle();
    expect(world.executionOf(second.id).history.entered.at(-1)?.state).toBe('Run On Agent');
  });
});

/** Each task once: killed before it did anything, or before it could answer. */
const TASKS = ['Claim Slot', 'Begin Attempt', 'Run On Agent', 'Judge Outcome', 'Record Outcome'];

describe('a step that is killed', () => {
  const kinds = TASKS.flatMap((state) => [
    { state, when: 'before it wrote' as const },
    { state, when: 'after it wrote' as const },
  ]);

  it.each(kinds)('in $state $when is tried again, to the same end', async ({ state, when }) => {
    const world = await aWorld();
    world.inPlaceOf(state, async (_call, step) => {
      if (when === 'after it wrote') await step();
      throw killed();
    });
    const session = await world.create(work);
    await world.pass(30);
    const agent = await world.agent();
    const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
    await handIn(world, granted[0] as Granted);
    await world.pass(30);
    const { history } = world.executionOf(session.id);
    expect(history.status).toBe('SUCCEEDED');
    expect(history.entered.at(-1)?.state).toBe('Session Completed');
    await restsIn(world, session.id, 'completed');
  });

  it.each(kinds)(
    'in $state $when together with its execution leaves what another from the top finishes',
    async (kind) => {
      const world = await aWorld();
      const session = await world.create(work);
      world.inPlaceOf(kind.state, async (_call, step) => {
        if (kind.when === 'after it wrote') await step();
        world.executionOf(session.id).stop('Killed', 'by a test');
      });
      const agent = await world.agent();
      const workIfThereIs = async () => {
        const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
        for (const each of granted) await handIn(world, each);
      };
      await world.settle();
      await workIfThereIs();
      expect(world.executionOf(session.id).history.status).toBe('ABORTED');

      const again = world.execute(session.id, 1, 'again');
      await world.settle();
      await workIfThereIs();
      expect(again.history.status).toBe('SUCCEEDED');
      await restsIn(world, session.id, 'completed');
    },
  );

  it('for good ends the session with the reason, and frees its slot', async () => {
    const world = await aWorld({ limit: 1 });
    for (let tries = 0; tries < 7; tries++) world.inPlaceOf('Begin Attempt', () => Promise.reject(killed()));
    const session = await world.create(work);
    await world.pass(120);
    expect(world.executionOf(session.id).history).toMatchObject({
      status: 'FAILED',
      error: 'SESSION_ORPHANED',
      cause: "the session's execution failed: Runtime.ExitError",
    });
    await restsIn(world, session.id, 'orphaned');
  });
});

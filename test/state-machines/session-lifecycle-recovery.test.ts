import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Granted } from '#application/claim-assignments';
import { aResult } from '#test/support/a-work-item';
import { type DrivenWorld, killed } from '#test/support/driven-world';
import { person } from '#test/support/world';
import { A_DAY, aWorld, claimNext, handIn, loadHandlers, restsIn, statusOf, work, working } from './driven-session.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-session.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-session.ts')).tokensOfTheWorld);
beforeAll(loadHandlers);

/** The agent gives up for a reason that may pass. */
const failForNow = async (world: DrivenWorld, granted: Granted) => {
  const result = aResult({ status: 'failed', errorCode: 'UPSTREAM_ERROR', errorMessage: 'no answer', retryable: true });
  await world.submit(granted, { result });
  await world.settle();
};

const standsIn = (world: DrivenWorld, id: string, run = 1) => world.executionOf(id, run).history.entered.at(-1)?.state;

describe('a failure that may pass', () => {
  it('is followed by the next attempt after a pause, in the same execution and with the same slot', async () => {
    const { world, session, agent, granted, execution } = await working({ limit: 1 });
    await failForNow(world, granted);
    expect(standsIn(world, session.id)).toBe('Back Off');
    await world.pass(29);
    expect(standsIn(world, session.id)).toBe('Back Off');
    expect(await statusOf(world, session.id)).toBe('running');
    await world.pass(1);
    expect(standsIn(world, session.id)).toBe('Run On Agent');
    await handIn(world, await claimNext(world, agent.id));
    expect(execution.history).toMatchObject({ status: 'SUCCEEDED', transitions: 18 });
    expect(await world.store.findAttempt(session.id, 1)).toMatchObject({ outcome: 'failed' });
    expect(await world.store.findAttempt(session.id, 2)).toMatchObject({ outcome: 'completed' });
    await restsIn(world, session.id, 'completed');
  });

  it('is red in the end when no attempt is left', async () => {
    const { world, session, agent, granted, execution } = await working();
    await failForNow(world, granted);
    for (const pause of [30, 60]) {
      await world.pass(pause);
      await failForNow(world, await claimNext(world, agent.id));
    }
    expect(execution.history).toMatchObject({ status: 'FAILED', error: 'UPSTREAM_ERROR', cause: 'no answer' });
    await restsIn(world, session.id, 'failed');
  });

  it('is not tried again when a person cancels in the pause', async () => {
    const { world, session, granted, execution } = await working();
    await failForNow(world, granted);
    await world.cancelSession({ sessionId: session.id, actor: person });
    await world.settle();
    expect(execution.history).toMatchObject({ status: 'ABORTED', error: 'SessionEnded' });
    await world.pass(A_DAY);
    await restsIn(world, session.id, 'cancelled');
  });

  it('is followed by the next attempt no earlier when the execution is lost in the pause', async () => {
    const { world, session, agent, granted, execution } = await working({ limit: 1 });
    await failForNow(world, granted);
    await world.pass(10);
    execution.stop('Killed', 'by a test');
    expect(await world.recoverSession({ sessionId: session.id, run: 1 })).toBe('recovered');
    await world.pass(19);
    expect(standsIn(world, session.id, 2)).toBe('Back Off');
    await world.pass(1);
    expect(standsIn(world, session.id, 2)).toBe('Run On Agent');
    await handIn(world, await claimNext(world, agent.id));
    expect(world.executionOf(session.id, 2).history.status).toBe('SUCCEEDED');
    await restsIn(world, session.id, 'completed');
  });

  it.each(['before it wrote', 'after it wrote'])('is counted once when its step is killed %s', async (when) => {
    const { world, session, agent, granted, execution } = await working();
    world.inPlaceOf('Schedule Retry', async (_call, step) => {
      if (when === 'after it wrote') await step();
      throw killed();
    });
    await failForNow(world, granted);
    await world.pass(40);
    expect((await world.store.getSession(session.id)).attempt).toBe(2);
    await handIn(world, await claimNext(world, agent.id));
    expect(execution.history.status).toBe('SUCCEEDED');
    await restsIn(world, session.id, 'completed');
  });
});

const TASKS = ['Claim Slot', 'Begin Attempt', 'Run On Agent', 'Judge Outcome', 'Record Outcome'];

describe('an execution that is lost', () => {
  it.each(TASKS)('in %s is followed by the next run, which finishes the work', async (state) => {
    const world = await aWorld();
    const session = await world.create(work);
    world.inPlaceOf(state, async () => world.executionOf(session.id).stop('Killed', 'by a test'));
    const agent = await world.agent();
    const workIfThereIs = async () => {
      await world.settle();
      const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
      for (const each of granted) await handIn(world, each);
    };
    await workIfThereIs();
    expect(world.executionOf(session.id).history.status).toBe('ABORTED');
    expect(await world.recoverSession({ sessionId: session.id, run: 1 })).toBe('recovered');
    await workIfThereIs();
    expect(world.executionOf(session.id, 2).history.status).toBe('SUCCEEDED');
    await restsIn(world, session.id, 'completed');
  });

  it('without a word is noticed by the sweeper after two minutes', async () => {
    const world = await aWorld();
    const session = await world.create(work);
    // the local cloud swallows the death of a function that holds a token
    world.inPlaceOf('Run On Agent', async () => undefined);
    await world.pass(119);
    expect(await world.sweepWaits()).toMatchObject({ recovered: 0 });
    await world.pass(2);
    expect(await world.sweepWaits()).toMatchObject({ recovered: 1 });
    await world.settle();
    const agent = await world.agent();
    await handIn(world, await claimNext(world, agent.id));
    expect(world.executionOf(session.id, 2).history.status).toBe('SUCCEEDED');
    expect(await statusOf(world, session.id)).toBe('completed');
  });

  it('changes nothing any more when it goes on after all, from wherever it stood', async () => {
    const { world, session, granted, execution } = await working();
    expect(await world.recoverSession({ sessionId: session.id, run: 1 })).toBe('recovered');
    await world.settle();
    const after = world.everything();
    const stale = world.execute(session.id, 1, 'from the top');
    await world.settle();
    expect(stale.history).toMatchObject({ status: 'SUCCEEDED' });
    expect(stale.history.entered.at(-1)?.state).toBe('Settled Elsewhere');
    expect(world.everything()).toEqual(after);
    await handIn(world, granted);
    expect(world.executionOf(session.id, 2).history.entered.at(-1)?.state).toBe('Session Completed');
    expect(execution.history.status).toBe('RUNNING');
    await restsIn(world, session.id, 'completed');
  });
});

describe('a wait that lasts too long', () => {
  it('for a slot ends red, with the reason', async () => {
    const world = await aWorld({ limit: 1 });
    await world.create(work);
    const session = await world.create({ ...work, queueTtlSeconds: 1800 });
    await world.pass(1801);
    await world.sweepWaits();
    await world.settle();
    expect(world.executionOf(session.id).history).toMatchObject({
      status: 'FAILED',
      error: 'SESSION_TIMEOUT',
      cause: 'no slot became free within queue_ttl_seconds',
    });
    expect(await statusOf(world, session.id)).toBe('timeout');
  });

  it('for an agent ends red, with the reason', async () => {
    const world = await aWorld();
    const session = await world.create(work);
    await world.pass(3601);
    await world.sweepWaits();
    await world.settle();
    expect(world.executionOf(session.id).history).toMatchObject({ status: 'FAILED', error: 'AGENT_UNAVAILABLE' });
    await restsIn(world, session.id, 'failed');
  });
});

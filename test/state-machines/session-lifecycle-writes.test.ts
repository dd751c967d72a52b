import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Granted } from '#application/claim-assignments';
import type { Agent } from '#domain/agent/agent';
import { aResult } from '#test/support/a-work-item';
import type { Call } from '#test/support/asl-runner/run-task';
import type { DrivenWorld } from '#test/support/driven-world';
import { person } from '#test/support/world';
import { A_DAY, aWorld, handIn, loadHandlers, restsIn, work } from './driven-session.ts';

vi.mock('#runtime/ports', async () => (await import('./driven-session.ts')).portsOfTheWorld);
vi.mock('#runtime/step-functions', async () => (await import('./driven-session.ts')).tokensOfTheWorld);
beforeAll(loadHandlers);

/** How many writes each task makes on the way of a session that waits for its slot and whose first attempt fails for now. */
const WRITES = {
  'Claim Slot': 1,
  'Begin Attempt': 1,
  'Run On Agent': 2,
  'Schedule Retry': 1,
  'Judge Outcome': 0,
  'Record Outcome': 1,
} as const;

const deaths = Object.entries(WRITES).flatMap(([state, count]) =>
  (['before', 'after'] as const).flatMap((when) =>
    Array.from({ length: count }, (_, index) => ({ state, when, nth: index + 1 })),
  ),
);

const transient = aResult({
  status: 'failed',
  errorCode: 'UPSTREAM_ERROR',
  errorMessage: 'no answer',
  retryable: true,
});

/** The first attempt fails, the second one is done. */
const handInNext = async (world: DrivenWorld, granted: Granted) => {
  if (granted.assignment.attempt > 1) return handIn(world, granted);
  await world.submit(granted, { result: transient });
  await world.settle();
};

/** Lets the agent do what there is, until there is nothing. */
const workOn = async (world: DrivenWorld, agent: Agent) => {
  for (let idle = 0; idle < 2; idle++) {
    await world.pass(40);
    const { granted } = await world.claim(agent.id, { leaseSeconds: A_DAY });
    for (const each of granted) {
      await handInNext(world, each);
      idle = 0;
    }
  }
};

/** A session that waits for the only slot, with an agent; `goOn` frees the slot and lets the agent work. */
const aWaiter = async () => {
  const world = await aWorld({ limit: 1 });
  const agent = await world.agent();
  const holder = await world.create(work);
  const { id } = await world.create(work);
  const goOn = async () => {
    await world.pass(40);
    await world.cancelSession({ sessionId: holder.id, actor: person });
    await workOn(world, agent);
  };
  return { world, agent, id, goOn };
};

const isOf = (id: string, { payload }: Call) => (payload as { session_id?: string }).session_id === id;

/** A session with its agent, and what becomes of the next call from a state: it is killed at one of its writes. */
const bereft = async (
  { state, when, nth }: (typeof deaths)[number],
  alsoDies: (world: DrivenWorld, id: string) => void = () => undefined,
) => {
  const { world, agent, id, goOn } = await aWaiter();
  let hasDied = false;
  world.inPlaceOf(
    state,
    async (_call, step) => {
      const wasKilled = world.killAtWrite(nth, when);
      try {
        return await step();
      } finally {
        hasDied = wasKilled();
        if (hasDied) alsoDies(world, id);
      }
    },
    (call) => isOf(id, call),
  );
  await goOn();
  expect(hasDied).toBe(true);
  return { world, agent, id };
};

const attemptsOf = async (world: DrivenWorld, id: string) =>
  (await Promise.all([1, 2, 3].map((attempt) => world.store.findAttempt(id, attempt)))).map((each) => each?.outcome);

describe('a driver that is killed', () => {
  it.each(deaths)('in $state $when its write $nth is called again, to the same end', async (death) => {
    const { world, id } = await bereft(death);
    expect(world.executionOf(id).history.status).toBe('SUCCEEDED');
    expect(await attemptsOf(world, id)).toEqual(['failed', 'completed', undefined]);
    await restsIn(world, id, 'completed');
  });

  it.each(deaths)('in $state $when its write $nth with its execution is followed by the next run', async (death) => {
    const { world, agent, id } = await bereft(death, (driven, session) =>
      driven.executionOf(session).stop('Killed', 'by a test'),
    );
    expect(world.executionOf(id).history.status).toBe('ABORTED');
    const isOver = (await world.store.getSession(id)).status === 'completed';
    expect(await world.recoverSession({ sessionId: id, run: 1 })).toBe(isOver ? 'settled' : 'recovered');
    await workOn(world, agent);
    expect(await attemptsOf(world, id)).toEqual(['failed', 'completed', undefined]);
    await restsIn(world, id, 'completed');

    const after = world.everything();
    world.execute(id, 1, 'the first run, late');
    await world.settle();
    expect(world.everything()).toEqual(after);
  });
});

it.each(Object.entries(WRITES))('%s writes %i times', async (state, count) => {
  const { world, id, goOn } = await aWaiter();
  let made = -1;
  world.inPlaceOf(
    state,
    async (_call, step) => {
      const before = world.writes();
      const answer = await step();
      made = world.writes() - before;
      return answer;
    },
    (call) => isOf(id, call),
  );
  await goOn();
  expect(made).toBe(count);
});

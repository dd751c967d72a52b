import { describe, expect, it } from 'vitest';
import { makeListCheckpoints } from '#application/list-checkpoints';
import { makeRestoreCheckpoint } from '#application/restore-checkpoint';
import type { RetrySessionInput } from '#application/retry-session';
import type { WorkEvent } from '#domain/assignment/work-event';
import { NOON } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

const checkpoint = (step: number): WorkEvent => ({
  type: 'checkpoint',
  eventSeq: step,
  timestamp: NOON,
  trigger: 'after_tool_use',
  data: { step },
});

const FIRST_COMMIT = 'a'.repeat(40);

/** A session that failed after some checkpoints, and what a person may do with it. */
const failedAfter = async (checkpoints: number) => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working();
  const { store, clock, ids } = world;
  const { id: assignmentId, agentId = '', fencingToken } = granted.assignment;
  for (let step = 1; step <= checkpoints; step++)
    await world.reportEvents({ agentId, assignmentId, fencingToken, events: [checkpoint(step)] });
  await world.submit(granted, { result: aResult({ status: 'failed', baseCommit: FIRST_COMMIT }) });
  await world.recordOutcome({ sessionId: session.id, run: 1 });

  const { id: sessionId } = session;
  const { items } = await makeListCheckpoints({ store })({ sessionId, limit: 100, withData: false });
  const idOf = (sequence: number) => items.find((each) => each.sequence === sequence)?.id ?? expect.fail();
  const restore = (sequence: number) =>
    makeRestoreCheckpoint({ store, clock, ids })({ sessionId, checkpointId: idOf(sequence) });
  const retry = (fields: Partial<RetrySessionInput> = {}) =>
    world.retrySession({
      sessionId,
      actor: person,
      fromScratch: false,
      force: false,
      start: true,
      onQuota: 'queue',
      ...fields,
    });

  /** What the agent is given to go on from once the retry has come to it. */
  const claimed = async () => {
    const { run } = await store.getSession(sessionId);
    await world.beginAttempt({ sessionId, run });
    await world.awaitAgent({ sessionId, run, taskToken: `token ${run}` });
    const [again] = (await world.claim(agent.id)).granted;
    if (again === undefined) throw new Error('nothing was granted');
    return { granted: again, data: again.checkpoint?.data };
  };
  const failAgain = async ({ granted: again }: Awaited<ReturnType<typeof claimed>>) => {
    await world.submit(again, { result: aResult({ status: 'failed', baseCommit: 'b'.repeat(40) }) });
    const { run } = await store.getSession(sessionId);
    await world.recordOutcome({ sessionId, run });
  };
  return { ...world, sessionId, idOf, restore, retry, claimed, failAgain };
};

describe('the agent of a retry', () => {
  it('goes on from the latest checkpoint', async () => {
    const { retry, claimed } = await failedAfter(7);
    await retry();
    expect((await claimed()).data).toBe('{"step":7}');
  });

  it('goes on from the checkpoint that the retry names', async () => {
    const { retry, idOf, claimed } = await failedAfter(7);
    await retry({ checkpointId: idOf(5) });
    expect((await claimed()).data).toBe('{"step":5}');
  });

  it('goes on from the checkpoint that was restored, once', async () => {
    const { restore, retry, claimed, failAgain } = await failedAfter(7);
    await restore(5);
    await restore(3);
    await retry();
    const second = await claimed();
    expect(second.data).toBe('{"step":3}');
    await failAgain(second);
    await retry();
    expect((await claimed()).data).toBe('{"step":7}');
  });

  it.each([
    [7, { fromScratch: true }],
    [0, {}],
  ])('after %i checkpoints, with %j, begins with none', async (count, fields) => {
    const { retry, claimed } = await failedAfter(count);
    await retry(fields);
    expect((await claimed()).data).toBeUndefined();
  });

  it('is told the commit that the result of the first attempt names', async () => {
    const { retry, claimed, failAgain } = await failedAfter(0);
    await retry();
    const second = await claimed();
    expect(second.granted.baseCommit).toBe(FIRST_COMMIT);
    await failAgain(second);
    await retry({ fromScratch: true });
    expect((await claimed()).granted.baseCommit).toBe(FIRST_COMMIT);
  });

  it('goes on from the checkpoint that the retry names even if another one was restored', async () => {
    const { restore, retry, idOf, claimed } = await failedAfter(7);
    await restore(3);
    await retry({ checkpointId: idOf(6) });
    expect((await claimed()).data).toBe('{"step":6}');
  });
});

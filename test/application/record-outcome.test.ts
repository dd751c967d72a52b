import { describe, expect, it } from 'vitest';
import type { AssignmentResult } from '#domain/assignment/result';
import { NotFound } from '#domain/errors';
import { aSession, aWorkspace } from '#test/support/a-session';
import { aResult } from '#test/support/a-work-item';
import { aWorld, LEASE_SECONDS, person } from '#test/support/world';

/** Seconds after which work that is routed to one agent may be claimed by another. */
const OWN_TIME = 10;

const verified = (exitCode: number) => [{ name: 'tests', exitCode, durationMs: 1, output: '' }];

/** A session whose agent has handed in this result. */
const handedIn = async (result: Partial<AssignmentResult>, workspace = aWorkspace()) => {
  const world = await aWorld({ limit: 1 });
  const { session, granted, agent } = await world.working({ input: { workspace } });
  const waiter = await world.create({ start: true });
  world.clock.advance(5);
  await world.submit(granted, { result: aResult(result) });
  return { ...world, session, agent, waiter, step: { sessionId: session.id, run: 1 } };
};

describe('an outcome', () => {
  it.each([
    ['completed', { verification: verified(0) }],
    ['partially_completed', { partial: true, verification: verified(0) }],
    ['failed', { verification: verified(1) }],
    ['failed', { status: 'failed' }],
    ['timeout', { status: 'timeout' }],
    ['stopped', { status: 'stopped' }],
    ['cancelled', { status: 'cancelled' }],
  ] as [string, Partial<AssignmentResult>][])('is %s for the result %j', async (status, result) => {
    const { judgeOutcome, recordOutcome, store, step, session, holders, waiter, internals } = await handedIn(result);
    expect(await judgeOutcome(step)).toBe(status);
    expect(await recordOutcome(step)).toMatchObject({ status });
    expect(await store.getSession(session.id)).toMatchObject({ status });
    expect(await store.findAttempt(session.id, 1)).toMatchObject({ outcome: status });
    expect(holders()).toEqual([waiter.id]);
    expect(internals().at(-1)).toEqual({ consumers: ['wake'], wake: [waiter.id] });
  });

  it('tells the summary, the working time and the share of passed commands', async () => {
    const { recordOutcome, eventsOf, step, store } = await handedIn({ summary: 'Done.', verification: verified(0) });
    await recordOutcome(step);
    expect((await eventsOf(step.sessionId)).at(-1)).toMatchObject({
      type: 'session.completed',
      payload: { summary: 'Done.', execution_duration_seconds: 5, success_rate: 1 },
    });
    expect(await store.getSession(step.sessionId)).toMatchObject({ successRate: 1, successSource: 'verification' });
  });

  it('answers why it failed', async () => {
    const { recordOutcome, step } = await handedIn({
      status: 'failed',
      errorCode: 'NO',
      errorMessage: 'It did not work.',
    });
    expect(await recordOutcome(step)).toEqual({ status: 'failed', code: 'NO', message: 'It did not work.' });
  });

  it('is orphaned when the leases of three agents in turn were lost', async () => {
    const { running, agent, claim, awaitAgent, clock, sweepLeases, judgeOutcome, recordOutcome, store } =
      await aWorld();
    const { id } = await running();
    const step = { sessionId: id, run: 1 };
    for (const name of ['FIRST', 'SECOND', 'THIRD']) {
      expect(await judgeOutcome(step)).toBe('open');
      await awaitAgent({ ...step, taskToken: name });
      const { id: agentId } = await agent({ name });
      clock.advance(OWN_TIME);
      await claim(agentId);
      clock.advance(LEASE_SECONDS);
      await sweepLeases();
    }
    expect(await judgeOutcome(step)).toBe('orphaned');
    expect(await recordOutcome(step)).toMatchObject({ code: 'AGENT_LEASE_EXPIRED' });
    expect(await store.getSession(id)).toMatchObject({ status: 'orphaned', statusReason: 'lease_lost' });
  });
});

describe('recording an outcome', () => {
  it('twice changes nothing more, and answers the same', async () => {
    const { recordOutcome, step, everything } = await handedIn({ verification: verified(0) });
    const first = await recordOutcome(step);
    const before = everything();
    expect(await recordOutcome(step)).toEqual(first);
    expect(everything()).toEqual(before);
  });

  it('twice at once records it once', async () => {
    const { recordOutcome, step, engine, eventsOf, gate } = await handedIn({ verification: verified(0) });
    engine.before('session', () => recordOutcome(step));
    await recordOutcome(step);
    expect((await eventsOf(step.sessionId)).filter(({ type }) => type === 'session.completed')).toHaveLength(1);
    expect(await gate()).toMatchObject({ held: 1, waiting: 0 });
  });

  it('loses against a cancel', async () => {
    const { recordOutcome, cancelSession, step, engine, store } = await handedIn({ verification: verified(0) });
    engine.before('session', () => cancelSession({ sessionId: step.sessionId, actor: person }));
    expect(await recordOutcome(step)).toMatchObject({ status: 'cancelled' });
    expect(await store.getSession(step.sessionId)).toMatchObject({ status: 'cancelled' });
  });

  it('of an earlier run leaves the session alone', async () => {
    const { recordOutcome, step, everything } = await handedIn({ verification: verified(0) });
    const before = everything();
    expect(await recordOutcome({ ...step, run: 0 })).toMatchObject({ status: 'running' });
    expect(everything()).toEqual(before);
  });

  it('of a broken execution ends open work, and says what broke', async () => {
    const { working, recordOutcome, store, items } = await aWorld();
    const { session, granted, agent } = await working();
    const recorded = await recordOutcome({ sessionId: session.id, run: 1, failure: 'Begin Attempt timed out' });
    expect(recorded).toMatchObject({ status: 'orphaned', code: 'SESSION_ORPHANED' });
    expect(recorded.message).toContain('Begin Attempt timed out');
    expect(await store.getAssignment(granted.assignment.id)).toMatchObject({
      state: 'cancelled',
      cancellation: { reason: 'the session is orphaned' },
    });
    expect(await store.getAgent(agent.id)).toMatchObject({ reserved: 0 });
    expect(items('wait')).toEqual([]);
    expect(items('holder')).toEqual([]);
  });

  it('of an execution that broke while it waited gives up the place in the queue', async () => {
    const { create, awaitSlot, recordOutcome, waiters, store, gate } = await aWorld({ limit: 1 });
    await create({ start: true });
    const { id } = await create({ start: true });
    await awaitSlot({ sessionId: id, run: 1, taskToken: 'token' });
    expect(await recordOutcome({ sessionId: id, run: 1, failure: 'broken' })).toMatchObject({ status: 'orphaned' });
    expect(waiters()).toEqual([]);
    expect(await store.findWait(id)).toBeUndefined();
    expect(await gate()).toMatchObject({ held: 1, waiting: 0 });
  });

  it('of an execution that ended while the work was open says so', async () => {
    const { running, recordOutcome, store } = await aWorld();
    const { id } = await running();
    const { message } = await recordOutcome({ sessionId: id, run: 1 });
    expect(message).toContain('it ended while the work was still open');
    expect(await store.listPending(10)).toEqual([]);
  });

  it('of a session that has no place at the gate frees none', async () => {
    const { store, recordOutcome, gate } = await aWorld();
    const session = aSession({ tenantId: 'A', status: 'running', run: 1 });
    await store.commit([{ kind: 'session', before: null, after: session }]);
    expect(await recordOutcome({ sessionId: session.id, run: 1 })).toMatchObject({ status: 'orphaned' });
    expect(await gate()).toMatchObject({ held: 0, revision: 1 });
  });

  it('of another tenant finds none', async () => {
    const { running, addTenant } = await aWorld();
    const { id } = await running();
    const other = await addTenant('B');
    await expect(other.recordOutcome({ sessionId: id, run: 1 })).rejects.toThrow(NotFound);
  });

  it('waits for a report that arrives at the same moment', async () => {
    const { working, submit, recordOutcome, engine, store } = await aWorld();
    const { session, granted } = await working();
    engine.before('session', () => submit(granted, { result: aResult({ summary: 'Done.' }) }));
    expect(await recordOutcome({ sessionId: session.id, run: 1, failure: 'broken' })).toMatchObject({
      status: 'completed',
    });
    expect(await store.findResult(session.id, 1)).toMatchObject({ summary: 'Done.' });
  });
});

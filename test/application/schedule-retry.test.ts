import { describe, expect, it } from 'vitest';
import { makeListAttempts } from '#application/list-attempts';
import { makeReadResult } from '#application/read-result';
import { noUsage } from '#domain/session/live';
import { aResult } from '#test/support/a-work-item';
import { aWorld, person } from '#test/support/world';

const transient = aResult({ status: 'failed', errorCode: 'AGENT_TIMEOUT', errorMessage: 'no answer', retryable: true });

/** A session whose first attempt failed in a way that may pass. */
const failed = async (result = transient) => {
  const world = await aWorld();
  const { session, granted, agent } = await world.working();
  world.clock.advance(5);
  await world.submit(granted, { result });
  return { ...world, id: session.id, step: { sessionId: session.id, run: 1 }, agent, granted, register: world.agent };
};

describe('an attempt that failed in a way that may pass', () => {
  it('is followed by the next one after the back-off; the slot is kept and nothing is counted meanwhile', async () => {
    const { step, id, judgeOutcome, scheduleRetry, store, holders, clock, beginAttempt, awaitAgent } = await failed();
    expect(await judgeOutcome(step)).toBe('retry');
    expect(await scheduleRetry(step)).toBe(30);
    expect(await store.getSession(id)).toMatchObject({
      status: 'running',
      attempt: 2,
      error: { code: 'AGENT_TIMEOUT' },
    });
    expect(await store.findAttempt(id, 1)).toMatchObject({ outcome: 'failed', automatic: false });
    expect(await store.findLive(id)).toMatchObject({ activity: 'backing_off', activeSeconds: 5 });
    expect(await store.findWait(id)).toMatchObject({ state: 'back-off' });
    expect(holders()).toEqual([id]);
    clock.advance(30);
    expect(await beginAttempt(step)).toBe('begun');
    expect(await store.findAttempt(id, 2)).toMatchObject({ attempt: 2, automatic: true });
    await awaitAgent({ ...step, taskToken: 'second' });
    const live = await store.findLive(id);
    expect(live).toMatchObject({ attempt: 2, activity: 'waiting_for_agent', activeSeconds: 5 });
    expect(await store.getAssignment(live?.assignmentId ?? '')).toMatchObject({ attempt: 2, state: 'pending' });
  });

  it('counts what all attempts have used', async () => {
    const usage = { ...noUsage, inputTokens: 7 };
    const { step, id, scheduleRetry, beginAttempt, awaitAgent, claim, agent, submit, store, clock } = await failed({
      ...transient,
      usage,
    });
    await scheduleRetry(step);
    clock.advance(30);
    await beginAttempt(step);
    await awaitAgent({ ...step, taskToken: 'second' });
    const [granted] = (await claim(agent.id)).granted;
    await submit({ assignment: granted?.assignment ?? expect.fail() }, { result: aResult({ usage }) });
    const live = await store.findLive(id);
    expect([live?.usage.inputTokens, live?.usageBefore?.inputTokens]).toEqual([14, 7]);
  });

  it('leaves each attempt the figures that are its own', async () => {
    const usage = { ...noUsage, inputTokens: 7, costUsd: 0.5 };
    const world = await failed({ ...transient, usage });
    const { step, id, agent, granted, clock, store } = world;
    await world.scheduleRetry(step);
    clock.advance(30);
    await world.beginAttempt(step);
    await world.awaitAgent({ ...step, taskToken: 'second' });
    const [second] = (await world.claim(agent.id)).granted;
    const read = makeReadResult({ store });
    expect(await read({ sessionId: id })).toMatchObject({ attempt: 2, final: false, usage: noUsage });
    clock.advance(11);
    await world.submit({ assignment: second?.assignment ?? expect.fail() }, { result: aResult({ usage }) });
    await world.recordOutcome(step);
    const both = { tokensUsed: 7, costUsd: 0.5, grants: 1, agentIds: [agent.id] };
    const first = { ...both, activeSeconds: 5, outcome: 'failed', assignmentIds: [granted.assignment.id] };
    const next = { ...both, activeSeconds: 11, outcome: 'completed', assignmentIds: [second?.assignment.id] };
    expect(await store.findAttempt(id, 1)).toMatchObject(first);
    expect(await store.findAttempt(id, 2)).toMatchObject(next);
    expect((await makeListAttempts({ store })({ sessionId: id, limit: 9, now: clock.now() })).items).toMatchObject([
      { ...both, activeSeconds: 11, automatic: true },
      { ...both, activeSeconds: 5, automatic: false },
    ]);
  });

  it('fails for good once the third attempt has failed, with one session.failed', async () => {
    const world = await failed();
    const { step, id, judgeOutcome, scheduleRetry, beginAttempt, awaitAgent, claim, agent, submit, store } = world;
    for (const attempt of [2, 3]) {
      await scheduleRetry(step);
      world.clock.advance(72);
      await beginAttempt(step);
      await awaitAgent({ ...step, taskToken: `attempt ${attempt}` });
      const [granted] = (await claim(agent.id)).granted;
      await submit({ assignment: granted?.assignment ?? expect.fail() }, { result: transient, digest: `${attempt}` });
    }
    expect(await judgeOutcome(step)).toBe('failed');
    expect(await scheduleRetry(step)).toBe(0);
    await world.recordOutcome(step);
    expect(await store.getSession(id)).toMatchObject({ status: 'failed', attempt: 3 });
    expect((await world.eventsOf(id)).filter(({ type }) => type === 'session.failed')).toHaveLength(1);
  });

  it('scheduled twice is scheduled once, and the rest of the pause is answered', async () => {
    const { step, scheduleRetry, everything, clock } = await failed();
    await scheduleRetry(step);
    const before = everything();
    clock.advance(10);
    expect(await scheduleRetry(step)).toBe(20);
    clock.advance(60);
    expect(await scheduleRetry(step)).toBe(0);
    expect(everything()).toEqual(before);
  });

  it('begins the next attempt in the next run when the driver is lost in the pause', async () => {
    const { step, id, scheduleRetry, clock, sweepWaits, beginAttempt, store } = await failed();
    await scheduleRetry(step);
    clock.advance(149);
    expect(await sweepWaits()).toMatchObject({ recovered: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ recovered: 1 });
    expect(await beginAttempt({ ...step, run: 2 })).toBe('begun');
    expect(await store.findAttempt(id, 2)).toMatchObject({ attempt: 2, run: 2 });
    expect(await beginAttempt({ ...step, run: 2 })).toBe('begun');
  });

  it('does not begin the next attempt early when the driver is lost in the pause and the next run is there at once', async () => {
    const { step, id, scheduleRetry, clock, recoverSession, sweepWaits, beginAttempt, store } = await failed();
    await scheduleRetry(step);
    clock.advance(10);
    expect(await recoverSession(step)).toBe('recovered');
    const next = { ...step, run: 2 };
    expect(await beginAttempt(next)).toBe('backing_off');
    expect(await store.findAttempt(id, 2)).toBeUndefined();
    expect(await scheduleRetry(next)).toBe(20);
    clock.advance(19);
    expect(await beginAttempt(next)).toBe('backing_off');
    clock.advance(1);
    expect(await scheduleRetry(next)).toBe(0);
    expect(await beginAttempt(next)).toBe('begun');
    expect(await store.findAttempt(id, 2)).toMatchObject({ attempt: 2, run: 2 });
    expect(await sweepWaits()).toMatchObject({ recovered: 0 });
  });

  it('is looked after until its pause has ended, however often its driver is lost', async () => {
    const { step, scheduleRetry, clock, recoverSession, sweepWaits, store } = await failed();
    await scheduleRetry(step);
    clock.advance(10);
    await recoverSession(step);
    await scheduleRetry({ ...step, run: 2 });
    expect(await store.findWait(step.sessionId)).toMatchObject({ run: 2, state: 'back-off' });
    clock.advance(139);
    expect(await sweepWaits()).toMatchObject({ recovered: 0 });
    clock.advance(1);
    expect(await sweepWaits()).toMatchObject({ recovered: 1 });
  });

  it('is left to whoever cancelled the session', async () => {
    const { step, id, scheduleRetry, cancelSession, store, items } = await failed();
    await scheduleRetry(step);
    await cancelSession({ sessionId: id, actor: person });
    expect(await scheduleRetry(step)).toBe(0);
    expect(await store.getSession(id)).toMatchObject({ status: 'cancelled' });
    expect(items('wait')).toEqual([]);
  });

  it('is not scheduled by a stale run, nor before the work has ended', async () => {
    const { step, scheduleRetry } = await failed();
    expect(await scheduleRetry({ ...step, run: 0 })).toBe(0);
    const { running, scheduleRetry: schedule } = await aWorld();
    const { id } = await running();
    expect(await schedule({ sessionId: id, run: 1 })).toBe(0);
  });

  it.each([true, false])('is routed away from the agent that failed while another one fits: %s', async (another) => {
    const { step, id, agent, register, claim, scheduleRetry, beginAttempt, awaitAgent, store, clock } = await failed();
    await scheduleRetry(step);
    clock.advance(30);
    const other = another ? await register({ name: 'OTHER' }) : agent;
    await claim(other.id);
    await beginAttempt(step);
    await awaitAgent({ ...step, taskToken: 'second' });
    const live = await store.findLive(id);
    expect(await store.getAssignment(live?.assignmentId ?? '')).toMatchObject({ routedAgentId: other.id });
  });
});

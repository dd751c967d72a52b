import { describe, expect, it } from 'vitest';
import { readSession, viewSession, viewSessionItem } from '#application/session-view';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import { aSession, aSessionInput, NOON, someLive } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

const noon = Date.parse(NOON);
const usage = { ...noUsage, inputTokens: 5, outputTokens: 3, reasoningTokens: 2, costUsd: 0.12345678, apiCalls: 4 };
const view = (session = aSession(), live?: ReturnType<typeof someLive>, now = noon) =>
  viewSession({ session, input: aSessionInput(), live }, now);

describe('reading a session', () => {
  it('answers it with its input and its live values, once it has some', async () => {
    const { create, working, store } = await aWorld();
    const pending = await create({ input: { prompt: 'Count.' } });
    expect(await readSession(store, pending.id)).toMatchObject({ input: { prompt: 'Count.' }, live: undefined });
    const { session } = await working();
    expect(await readSession(store, session.id)).toMatchObject({ session, live: { activity: 'working' } });
  });

  it('that waits for an agent says which stage of routing leaves none', async () => {
    const { running, store, agent, claim } = await aWorld();
    const { id } = await running({ requiredCapabilities: ['ci_cd'] });
    const reasonOf = async () => viewSession(await readSession(store, id), noon);
    expect(await reasonOf()).toMatchObject({ activity: 'waiting_for_agent', waitingReason: 'registered' });
    await claim((await agent({ capabilities: ['ci_cd'] })).id);
    expect(await reasonOf()).not.toHaveProperty('waitingReason');
  });

  it('that is unknown, of another tenant, or without its input finds none', async () => {
    const { create, store, engine, addTenant } = await aWorld();
    const { id } = await create();
    await expect(readSession(store, 'unknown')).rejects.toThrow(NotFound);
    await expect(readSession((await addTenant('B')).store, id)).rejects.toThrow(NotFound);
    const input = { pk: `T#A#S#${id}`, sk: 'INPUT' };
    await engine.transact([{ remove: input, condition: { kind: 'exists' }, what: 'session-input' }]);
    await expect(readSession(store, id)).rejects.toThrow(NotFound);
  });
});

describe('the view of a session', () => {
  it('that has not begun has used nothing and names no agent', () => {
    const seen = view(aSession({ maxDurationSeconds: 60 }));
    expect(seen).toMatchObject({ activeSeconds: 0, remainingSeconds: 60, prompt: 'Do nothing.', isHealthy: true });
    expect(seen.metrics).toMatchObject({ tokensUsed: 0, costUsd: 0, apiCallsCount: 0, executionDurationSeconds: 0 });
    expect(seen).not.toHaveProperty('agentId');
    expect(seen.metrics).not.toHaveProperty('totalDurationSeconds');
  });

  it('that waits for a slot says since when', () => {
    const queuePlace = { adjustedMs: noon, ticket: 't', since: NOON };
    expect(view(aSession({ status: 'queued', queuePlace }))).toMatchObject({
      queue: { waitingSince: NOON, reason: 'slot' },
    });
    expect(view(aSession({ status: 'running', queuePlace }))).not.toHaveProperty('queue');
    expect(view(aSession({ status: 'queued' }))).not.toHaveProperty('queue');
  });

  it('that works counts its time to the millisecond, and the deadline is shown', () => {
    const live = someLive({
      activity: 'working',
      agentId: 'AGENT',
      clockStartedAt: NOON,
      deadlineAt: NOON,
      activeSeconds: 1,
    });
    const seen = view(aSession({ status: 'running', maxDurationSeconds: 10 }), live, noon + 2500.4);
    expect(seen).toMatchObject({ activeSeconds: 3.5, remainingSeconds: 6.5, activity: 'working', deadlineAt: NOON });
  });

  it('that is out of time has none remaining, never less', () => {
    const live = someLive({ activeSeconds: 11 });
    expect(view(aSession({ status: 'running', maxDurationSeconds: 10 }), live)).toMatchObject({ remainingSeconds: 0 });
  });

  it('that has ended counts to its end and says who worked, not on what', () => {
    const live = someLive({ agentId: 'AGENT', activity: 'working', clockStartedAt: NOON, usage });
    const endedAt = new Date(noon + 4000).toISOString();
    const seen = view(aSession({ status: 'completed', endedAt }), live, noon + 9000);
    expect(seen).toMatchObject({ activeSeconds: 4, agentId: 'AGENT', healthScore: 1 });
    expect(seen).not.toHaveProperty('activity');
    expect(seen.metrics).toMatchObject({
      totalDurationSeconds: 4,
      tokensUsed: 10,
      costUsd: 0.123457,
      apiCallsCount: 4,
    });
  });

  it('of a list holds no input, but what the work has cost', () => {
    const item = viewSessionItem({ session: aSession(), live: someLive({ usage }) }, noon);
    expect(item).toMatchObject({ title: 'Say hello', tokensUsed: 10, costUsd: 0.123457 });
    expect(item).not.toHaveProperty('prompt');
    expect(viewSessionItem({ session: aSession(), live: undefined }, noon)).toMatchObject({
      tokensUsed: 0,
      costUsd: 0,
    });
  });

  it('after a cancel does not offer it again', async () => {
    const { create, cancelSession, store, clock } = await aWorld();
    const { id } = await create({ start: true });
    expect(viewSession(await readSession(store, id), clock.now()).allowedOperations).toContain('cancel_session');
    await cancelSession({ sessionId: id, actor: person });
    expect(viewSession(await readSession(store, id), clock.now()).allowedOperations).not.toContain('cancel_session');
  });
});

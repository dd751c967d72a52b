import { describe, expect, it } from 'vitest';
import { viewAttempt } from '#application/attempt-view';
import { makeListAttempts } from '#application/list-attempts';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import type { Attempt } from '#domain/session/session';
import { NOON, someLive } from '#test/support/a-session';
import { aWorld, person } from '#test/support/world';

const noon = Date.parse(NOON);
const later = (seconds: number) => new Date(noon + seconds * 1000).toISOString();
const attempt = (number: number, fields: Partial<Attempt> = {}): Attempt => ({
  attempt: number,
  run: 1,
  startedAt: NOON,
  automatic: false,
  ...fields,
});
const usage = { ...noUsage, inputTokens: 5, outputTokens: 3, reasoningTokens: 2, costUsd: 0.12345678 };

describe('the attempts of a session', () => {
  it('are none before the first begins, then newest first, page by page', async () => {
    const { create, store } = await aWorld();
    const { id } = await create();
    const list = (limit: number, before?: number) =>
      makeListAttempts({ store })({ sessionId: id, limit, before, now: noon });
    expect(await list(10)).toEqual({ items: [], next: undefined });
    for (const n of [1, 2, 10]) await store.commit([{ kind: 'attempt', sessionId: id, attempt: attempt(n) }]);
    const first = await list(2);
    expect(first).toMatchObject({ items: [{ attempt: 10 }, { attempt: 2 }], next: '2' });
    expect(await list(2, 2)).toMatchObject({ items: [{ attempt: 1 }], next: undefined });
  });

  it('of an unknown session, a deleted one or of another tenant are not found', async () => {
    const { create, deleteSession, store, addTenant } = await aWorld();
    const other = await addTenant('B');
    const { id } = await create();
    const list = (from = store, sessionId = id) =>
      makeListAttempts({ store: from })({ sessionId, limit: 10, now: noon });
    await expect(list(other.store)).rejects.toThrow(NotFound);
    await expect(list(store, 'unknown')).rejects.toThrow(NotFound);
    await deleteSession({ sessionId: id });
    await expect(list()).rejects.toThrow(NotFound);
  });

  it('tell who works and how much, while it goes on and after a cancel', async () => {
    const { working, cancelSession, store, clock } = await aWorld();
    const { session, agent } = await working();
    clock.advance(30);
    const list = async () =>
      (await makeListAttempts({ store })({ sessionId: session.id, limit: 10, now: clock.now() })).items;
    expect(await list()).toMatchObject([{ attempt: 1, agentIds: [agent.id], grants: 1, activeSeconds: 30 }]);
    await cancelSession({ sessionId: session.id, actor: person });
    clock.advance(30);
    const [ended] = await list();
    expect(ended).toMatchObject({ activeSeconds: 30, outcome: 'cancelled', endedAt: later(30) });
    expect(await store.findAttempt(session.id, 1)).toMatchObject({
      activeSeconds: 30,
      grants: 1,
      agentIds: [agent.id],
    });
  });
});

describe('one attempt', () => {
  it('counts as the live values do while they are its own, less what was counted before it', () => {
    const live = someLive({ usage, agentIds: ['A', 'B'], grants: 3, clockStartedAt: NOON });
    const before = { activeSeconds: 20, usage: { ...noUsage, outputTokens: 3, reasoningTokens: 1, costUsd: 0.1 } };
    expect(viewAttempt(attempt(1), live, noon + 60_000)).toMatchObject({
      agentIds: ['A', 'B'],
      grants: 3,
      activeSeconds: 60,
      tokensUsed: 10,
      costUsd: 0.123457,
    });
    const rest = { activeSeconds: 40, tokensUsed: 6, costUsd: 0.023457 };
    expect(viewAttempt(attempt(1, { before }), live, noon + 60_000)).toMatchObject(rest);
    expect(viewAttempt(attempt(1, { before, endedAt: later(30) }), live, noon + 60_000)).toMatchObject({
      ...rest,
      activeSeconds: 10,
    });
  });

  it('that is over shows what was written down when it ended', () => {
    const figures = { activeSeconds: 4, tokensUsed: 7, costUsd: 0.5, grants: 1, agentIds: ['A'], assignmentIds: ['N'] };
    const ended = attempt(1, { endedAt: later(4), outcome: 'timeout', ...figures });
    const seen = viewAttempt(ended, someLive({ attempt: 2, agentIds: ['B'] }), noon);
    const { assignmentIds: _, ...shown } = figures;
    expect(seen).toMatchObject({ outcome: 'timeout', endedAt: later(4), ...shown });
    expect(seen).not.toHaveProperty('assignmentIds');
  });

  it('that nobody works on yet has no agent', () => {
    const nothing = { agentIds: [], grants: 0, activeSeconds: 0, tokensUsed: 0, costUsd: 0 };
    expect(viewAttempt(attempt(1), someLive(), noon)).toMatchObject(nothing);
    expect(viewAttempt(attempt(1), undefined, noon)).toMatchObject(nothing);
  });
});

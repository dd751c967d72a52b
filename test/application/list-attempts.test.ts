import { describe, expect, it } from 'vitest';
import { viewAttempt } from '#application/attempt-view';
import { makeListAttempts } from '#application/list-attempts';
import { NotFound } from '#domain/errors';
import { noUsage } from '#domain/session/live';
import type { Attempt } from '#domain/session/session';
import { aSession, NOON, someLive } from '#test/support/a-session';
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
    expect(await list()).toMatchObject([{ attempt: 1, agentIds: [agent.id], activeSeconds: 30 }]);
    await cancelSession({ sessionId: session.id, actor: person });
    clock.advance(30);
    const [ended] = await list();
    expect(ended).toMatchObject({ activeSeconds: 30, outcome: 'cancelled', endedAt: later(30) });
  });
});

describe('one attempt', () => {
  it('that is the newest came to what the session came to', () => {
    const error = { type: 'agent', code: 'X', message: 'x', retryable: true, at: later(5) } as const;
    const session = aSession({ status: 'failed', endedAt: later(5), error, successRate: 0.5 });
    const live = someLive({ usage, agentId: 'AGENT', clockStartedAt: NOON });
    expect(viewAttempt(attempt(1), session, live, noon + 60_000)).toMatchObject({
      outcome: 'failed',
      endedAt: later(5),
      error,
      successRate: 0.5,
      agentIds: ['AGENT'],
      activeSeconds: 5,
      tokensUsed: 10,
      costUsd: 0.123457,
    });
  });

  it('that is not the newest shows what was written down when it ended', () => {
    const session = aSession({ status: 'failed', attempt: 2, endedAt: later(9) });
    const seen = viewAttempt(
      attempt(1, { endedAt: later(4), outcome: 'timeout' }),
      session,
      someLive({ attempt: 2, agentId: 'AGENT' }),
      noon,
    );
    expect(seen).toMatchObject({ outcome: 'timeout', endedAt: later(4) });
    expect(seen).not.toHaveProperty('agentIds');
  });

  it('that followed another by itself has no figures of its own', () => {
    const seen = viewAttempt(attempt(1, { automatic: true }), aSession(), someLive({ usage, agentId: 'AGENT' }), noon);
    expect(seen).toMatchObject({ agentIds: ['AGENT'], automatic: true });
    expect(seen).not.toHaveProperty('tokensUsed');
  });

  it('that nobody works on yet has no agent', () => {
    expect(viewAttempt(attempt(1), aSession({ status: 'running' }), someLive(), noon)).toMatchObject({ agentIds: [] });
    expect(viewAttempt(attempt(1), aSession(), undefined, noon)).not.toHaveProperty('agentIds');
  });
});

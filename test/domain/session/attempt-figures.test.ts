import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedBefore, figuresAt, grantedTo, usageSince } from '#domain/session/attempt-figures';
import { awaitAgent, MOST_COUNTED, nextAttempt, noUsage, waitForAgentAgain } from '#domain/session/live';
import { NOON, someLive } from '#test/support/a-session';

const noon = Date.parse(NOON);
const used = (inputTokens: number, costUsd: number) => ({ ...noUsage, inputTokens, costUsd });

describe('what an attempt came to', () => {
  it('is what was counted since it began, whatever the attempts before it used', () => {
    const amount = fc.record({ seconds: fc.integer({ min: 0, max: 9999 }), tokens: fc.nat(9999), cents: fc.nat(9999) });
    fc.assert(
      fc.property(amount, amount, (first, second) => {
        const ended = someLive({ activeSeconds: first.seconds, usage: used(first.tokens, first.cents / 100) });
        const begun = nextAttempt(ended, 2);
        const attempt = { attempt: 2, ...countedBefore(begun) };
        const later = {
          ...begun,
          activeSeconds: first.seconds + second.seconds,
          usage: used(first.tokens + second.tokens, (first.cents + second.cents) / 100),
        };
        expect(figuresAt(attempt, later, noon)).toMatchObject({
          activeSeconds: second.seconds,
          tokensUsed: second.tokens,
          costUsd: second.cents / 100,
        });
      }),
    );
  });

  it('is unknown of an attempt that the live values do not belong to', () => {
    expect(figuresAt({ attempt: 1 }, undefined, noon)).toBeUndefined();
    expect(figuresAt({ attempt: 1 }, someLive({ attempt: 2 }), noon)).toBeUndefined();
  });

  it('begins at nothing where nothing was counted before, and then names nothing', () => {
    expect(countedBefore(someLive())).toEqual({});
    const live = someLive({ usage: used(3, 0) });
    expect(countedBefore(live)).toEqual({ before: { activeSeconds: 0, usage: used(3, 0) } });
    expect(countedBefore(someLive({ activeSeconds: 1 }))).toEqual({ before: { activeSeconds: 1, usage: noUsage } });
    expect(usageSince(countedBefore(live), { ...live, usage: used(5, 0.5) })).toEqual(used(2, 0.5));
  });

  it('counts a clock that runs, to the millisecond, and money to the millionth', () => {
    const live = someLive({
      clockStartedAt: NOON,
      usage: { ...used(1, 0.12345678), outputTokens: 2, reasoningTokens: 4 },
    });
    const figures = { activeSeconds: 1.234, tokensUsed: 7, costUsd: 0.123457 };
    expect(figuresAt({ attempt: 1 }, live, noon + 1234)).toMatchObject(figures);
  });

  it('can be kept by a table, however much was counted', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const usage = { ...noUsage, inputTokens: most, outputTokens: most, reasoningTokens: most, costUsd: most };
    const figures = figuresAt({ attempt: 1 }, someLive({ usage }), noon);
    expect(figures).toMatchObject({ tokensUsed: 3 * MOST_COUNTED, costUsd: MOST_COUNTED });
    expect(figures?.tokensUsed).toBeLessThan(most);
  });

  it('names every grant, each agent once, and every assignment', () => {
    let live = grantedTo(awaitAgent(someLive(), 'N1'), 'A');
    live = grantedTo(waitForAgentAgain(live, noon), 'B');
    live = grantedTo(awaitAgent(live, 'N2'), 'A');
    const figures = { grants: 3, agentIds: ['A', 'B'], assignmentIds: ['N1', 'N2'] };
    expect(figuresAt({ attempt: 1 }, live, noon)).toMatchObject(figures);
    expect(live.agentId).toBe('A');
    expect(figuresAt({ attempt: 1 }, someLive(), noon)).toMatchObject({ grants: 0, agentIds: [], assignmentIds: [] });
  });
});

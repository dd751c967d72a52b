import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claim } from '#domain/assignment/lease';
import { underNewTerms } from '#domain/assignment/new-terms';
import { NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

const noon = Date.parse(NOON);
const iso = (seconds: number) => new Date(noon + seconds * 1000).toISOString();
const terms = { priority: 'medium', maxDurationSeconds: 3600, queueTtlSeconds: 7200 } as const;
const held = claim(aWorkItem(), { agentId: 'AGENT', leaseSeconds: 900, deadlineAt: iso(3600), now: noon });
const pending = aWorkItem({ waitUntil: iso(3600), dueAt: undefined });

describe('open work under new terms', () => {
  it('waits for an agent until its session may be queued no longer, and an hour at most', () => {
    const until = (before: number, after: number) =>
      underNewTerms(pending, {
        before: { ...terms, queueTtlSeconds: before },
        after: { ...terms, queueTtlSeconds: after },
        deadlineAt: undefined,
      }).waitUntil;
    expect([until(7200, 600), until(7200, 3600), until(3600, 86_400)]).toEqual([iso(600), iso(3600), iso(3600)]);
  });

  it('has another place in the dispatch queue when its priority is another one, and another longest time', () => {
    const after = { ...terms, priority: 'high', maxDurationSeconds: 60 } as const;
    const moved = underNewTerms(pending, { before: terms, after, deadlineAt: undefined });
    expect(moved).toMatchObject({ priority: 'high', maxDurationSeconds: 60 });
    expect(moved.queueKey).not.toBe(pending.queueKey);
  });

  it('has no lease behind the grace of its deadline, none that is longer than before, and is looked at when it ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90_000 }), (seconds) => {
        const moved = underNewTerms(held, { before: terms, after: terms, deadlineAt: iso(seconds) });
        const leaseUntil = iso(Math.min(900, seconds + 30));
        expect(moved).toMatchObject({ deadlineAt: iso(seconds), leaseUntil, dueAt: leaseUntil });
      }),
    );
  });
});

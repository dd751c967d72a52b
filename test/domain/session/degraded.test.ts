import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALM_MS, followSigns, type Sign, shownReason } from '#domain/session/degraded';
import type { Session } from '#domain/session/session';
import { SESSION_STATUSES } from '#domain/session/status';
import { aSession, NOON } from '#test/support/a-session';

const start = Date.parse(NOON);
const later = (seconds: number) => start + seconds * 1000;
const iso = (seconds: number) => new Date(later(seconds)).toISOString();
const weak: Sign = { reason: 'agent_degraded', since: NOON, detail: 'the model is slow' };
const silent: Sign = { reason: 'agent_unresponsive', since: iso(5) };
const running = aSession({ status: 'running', version: 3 });
const degraded = aSession({ status: 'degraded', statusReason: 'agent_degraded', version: 4 });

describe('a session under way', () => {
  it('becomes degraded by the first sign, with its reason, in one event', () => {
    const change = followSigns(running, [weak], later(1));
    expect(change?.after).toMatchObject({
      status: 'degraded',
      statusReason: 'agent_degraded',
      statusDetail: 'the model is slow',
      version: 4,
    });
    expect(change?.events).toMatchObject([
      {
        seq: 4,
        type: 'session.status_changed',
        payload: {
          old_status: 'running',
          new_status: 'degraded',
          reason: 'agent_degraded',
          actor: { kind: 'system' },
        },
      },
    ]);
  });

  it('stays degraded until the last sign is gone', () => {
    expect(followSigns(degraded, [weak, silent], later(1))).toBeUndefined();
    expect(followSigns(degraded, [silent], later(1))).toBeUndefined();
    const well = followSigns(degraded, [], later(1));
    expect(well?.after).toMatchObject({ status: 'running', statusReason: undefined, leftDegradedAt: iso(1) });
    expect(well?.events).toHaveLength(1);
  });

  it('waits 30 s before it is degraded once more', () => {
    const well = aSession({ status: 'running', leftDegradedAt: NOON });
    expect(followSigns(well, [weak], later(29.999))).toBeUndefined();
    expect(followSigns(well, [weak], later(30))?.after.status).toBe('degraded');
  });

  it('is moved by nothing while no sign is there', () => {
    expect(followSigns(running, [], later(1))).toBeUndefined();
  });

  it.each(SESSION_STATUSES.filter((status) => status !== 'running' && status !== 'degraded'))(
    'that is %s by now is left alone',
    (status) => {
      expect(followSigns(aSession({ status }), [weak], later(1))).toBeUndefined();
      expect(followSigns(aSession({ status }), [], later(1))).toBeUndefined();
    },
  );
});

describe('signs that come and go', () => {
  const signs = fc.subarray([weak, silent]);
  const looks = fc.array(fc.record({ signs, waitedMs: fc.integer({ min: 0, max: 40_000 }) }), { maxLength: 60 });

  /** Looks one after the other; answers when the session moved, and to what. */
  const movesOf = (from: Session, steps: readonly { readonly signs: readonly Sign[]; readonly waitedMs: number }[]) => {
    let session = from;
    let now = start;
    const moved: { readonly at: number; readonly to: string }[] = [];
    for (const { signs: seen, waitedMs } of steps) {
      now += waitedMs;
      const change = followSigns(session, seen, now);
      if (change === undefined) continue;
      session = change.after;
      moved.push({ at: now, to: session.status });
    }
    return { session, moved, now };
  };

  it('20 times in 10 s make at most one pair of events, from whichever status', () => {
    const flaps = Array.from({ length: 20 }, (_, index) => ({ signs: index % 2 === 0 ? [weak] : [], waitedMs: 500 }));
    expect(movesOf(running, flaps).moved.map(({ to }) => to)).toEqual(['degraded', 'running']);
    expect(movesOf(degraded, flaps).moved.map(({ to }) => to)).toEqual(['running']);
  });

  it('never make more than one pair in any 30 s, and one event each', () => {
    fc.assert(
      fc.property(fc.constantFrom(running, degraded), looks, (from, steps) => {
        const { session, moved } = movesOf(from, steps);
        expect(session.version).toBe(from.version + moved.length);
        for (const { at: begin } of moved) {
          const near = moved.filter(({ at }) => at >= begin && at < begin + CALM_MS);
          expect(near.length).toBeLessThanOrEqual(2);
          expect(new Set(near.map(({ to }) => to)).size).toBe(near.length);
        }
      }),
    );
  });

  it('are followed in the end: a sign that stays is shown 30 s later, one that is gone at once', () => {
    fc.assert(
      fc.property(looks, signs, (steps, last) => {
        const { session, now } = movesOf(running, steps);
        const settled = followSigns(session, last, now + CALM_MS)?.after ?? session;
        expect(settled.status).toBe(last.length > 0 ? 'degraded' : 'running');
      }),
    );
  });
});

describe('the reason that a degraded session shows', () => {
  it('is that of its newest sign', () => {
    expect(shownReason(degraded, [weak, silent])).toEqual({ statusReason: 'agent_unresponsive' });
    expect(shownReason(degraded, [silent, weak])).toEqual({
      statusReason: 'agent_degraded',
      statusDetail: 'the model is slow',
    });
  });

  it('is the stored one where no sign is known, after a recovery, and in every other status', () => {
    expect(shownReason(degraded, [])).toEqual({ statusReason: 'agent_degraded' });
    expect(shownReason({ ...degraded, statusReason: 'recovered' }, [weak])).toEqual({ statusReason: 'recovered' });
    expect(shownReason({ ...running, statusReason: 'recovered' }, [weak])).toEqual({ statusReason: 'recovered' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '#domain/session/outcome';
import { backOffSeconds, isRetriedAutomatically, retryAttempt } from '#domain/session/retry-attempt';
import { AUTO_RETRY } from '#domain/session/session';
import { aSession, NOON, someLive } from '#test/support/a-session';

const failed = (code: string, retryable = true): Outcome => ({
  status: 'failed',
  reason: 'agent_result',
  error: { type: 'agent', code, message: 'no', retryable },
});
const running = aSession({ status: 'running', run: 1 });
const which = (outcome: Outcome) =>
  AUTO_RETRY.filter((autoRetry) => isRetriedAutomatically({ ...running, autoRetry }, outcome));

describe('an automatic attempt', () => {
  it.each(['AGENT_TIMEOUT', 'AGENT_REJECTED', 'INVALID_AGENT_RESPONSE', 'UPSTREAM_ERROR', 'SERVICE_UNAVAILABLE'])(
    'follows %s, which may pass',
    (code) => {
      expect(which(failed(code))).toEqual(['transient', 'always']);
    },
  );

  it('follows any other retryable error only when always is asked for', () => {
    expect(which(failed('VERIFICATION_FAILED'))).toEqual(['always']);
  });

  it('never follows what no retry can cure, nor a wait for an agent that nobody ended', () => {
    expect(which(failed('AGENT_TIMEOUT', false))).toEqual([]);
    expect(which(failed('AGENT_UNAVAILABLE'))).toEqual([]);
    expect(which({ status: 'failed', reason: 'agent_result' })).toEqual([]);
  });

  it.each(['timeout', 'stopped', 'orphaned', 'cancelled', 'completed', 'partially_completed'] as const)(
    'never follows an attempt that ended %s',
    (status) => {
      expect(which({ ...failed('AGENT_TIMEOUT'), status })).toEqual([]);
    },
  );

  it('does not follow the last one', () => {
    expect(isRetriedAutomatically({ ...running, attempt: 3 }, failed('AGENT_TIMEOUT'))).toBe(false);
  });

  it('keeps the session running, counts the attempt, and says why in one event', () => {
    const begun = { attempt: 1, run: 1, startedAt: NOON, automatic: false };
    const { change, ended } = retryAttempt(running, { begun, live: someLive() }, failed('AGENT_TIMEOUT'), NOON);
    expect(change.after).toMatchObject({ status: 'running', attempt: 2, version: 2, error: { code: 'AGENT_TIMEOUT' } });
    expect(change.events).toMatchObject([
      { type: 'session.updated', payload: { attempt: 2, activity: 'backing_off', error: { code: 'AGENT_TIMEOUT' } } },
    ]);
    expect(ended).toMatchObject({ attempt: 1, endedAt: NOON, outcome: 'failed', error: { code: 'AGENT_TIMEOUT' } });
  });
});

describe('the back-off', () => {
  it('is 24 to 36 s before the second attempt and 48 to 72 s before the third', () => {
    const range = (n: number) => [backOffSeconds(n, 0), backOffSeconds(n, 1)];
    expect([2, 3].map(range)).toEqual([
      [24, 36],
      [48, 72],
    ]);
  });

  it('never exceeds 300 s by more than a fifth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, chance) => {
        expect(backOffSeconds(n, chance)).toBeGreaterThanOrEqual(24);
        expect(backOffSeconds(n, chance)).toBeLessThanOrEqual(360);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { allowedOperations, healthScore, isHealthy, isRetryable } from '#domain/session/health';
import { isMeaninglessTitle } from '#domain/session/title';
import { isAgentWaitOver, isSlotWaitOver } from '#domain/session/wait-over';
import { aSession, NOON } from '#test/support/a-session';
import { aWorkItem } from '#test/support/a-work-item';

describe('the health of a session', () => {
  it.each([
    [2520, 0.9],
    [2521, 0.7],
    [3240, 0.7],
    [3241, 0.3],
  ])('after %i of 3,600 working seconds is %f', (active, score) => {
    expect(healthScore(aSession({ status: 'running' }), active)).toBe(score);
  });

  it('is lower by 0.2 while degraded, and fixed in every other status', () => {
    expect(healthScore(aSession({ status: 'degraded' }), 2521)).toBe(0.5);
    expect(healthScore(aSession({ status: 'completed' }), 9999)).toBe(1);
    for (const status of ['failed', 'timeout', 'orphaned'] as const)
      expect(healthScore(aSession({ status }), 0)).toBe(0);
    for (const status of ['pending', 'stopped', 'cancelled'] as const)
      expect(healthScore(aSession({ status }), 0)).toBe(0.8);
  });

  it('suffers from more than one failed model call in ten', () => {
    expect(isHealthy(aSession(), { apiCalls: 0, apiErrors: 0, warnings: 0 })).toBe(true);
    expect(isHealthy(aSession(), { apiCalls: 10, apiErrors: 1, warnings: 0 })).toBe(true);
    expect(isHealthy(aSession(), { apiCalls: 10, apiErrors: 2, warnings: 0 })).toBe(false);
    expect(isHealthy(aSession(), { apiCalls: 0, apiErrors: 1, warnings: 0 })).toBe(false);
  });

  it('suffers from more than five retries', () => {
    expect([10, 11].map((warnings) => isHealthy(aSession(), { apiCalls: 0, apiErrors: 0, warnings }))).toEqual([
      true,
      false,
    ]);
    expect(
      [6, 7].map((attempt) => isHealthy(aSession({ attempt }), { apiCalls: 0, apiErrors: 0, warnings: 0 })),
    ).toEqual([true, false]);
  });

  it('may be retried until its attempts are used up', () => {
    expect(isRetryable(aSession({ status: 'failed' }))).toBe(true);
    expect(isRetryable(aSession({ status: 'failed', attempt: 3 }))).toBe(false);
    expect(isRetryable(aSession({ status: 'completed' }))).toBe(false);
  });

  it('offers the operations that the status allows', () => {
    expect(allowedOperations(aSession())).toEqual([
      'update_session',
      'start_session',
      'cancel_session',
      'delete_session',
    ]);
    expect(allowedOperations(aSession({ status: 'running' }))).toEqual([
      'update_session',
      'cancel_session',
      'add_session_checkpoint',
    ]);
    expect(allowedOperations(aSession({ status: 'failed' }))).toContain('restore_session_checkpoint');
    expect(allowedOperations(aSession({ status: 'cancelled' }))).toEqual(['update_session', 'delete_session']);
  });
});

describe('a wait', () => {
  const queued = aSession({ status: 'queued', run: 1 });
  const running = aSession({ status: 'running', run: 1 });

  it('for a slot is over with the slot, the queue or the run', () => {
    expect(isSlotWaitOver(queued, 1, undefined)).toBe(false);
    expect(isSlotWaitOver(queued, 1, { owner: 'SESSION', token: 1, since: NOON })).toBe(true);
    expect(isSlotWaitOver(aSession({ status: 'cancelled', run: 1 }), 1, undefined)).toBe(true);
    expect(isSlotWaitOver(queued, 2, undefined)).toBe(true);
  });

  it('for an agent is over with the assignment, the status or the run', () => {
    expect(isAgentWaitOver(running, 1, undefined)).toBe(false);
    expect(isAgentWaitOver(running, 1, aWorkItem({ state: 'running' }))).toBe(false);
    expect(isAgentWaitOver(running, 1, aWorkItem({ state: 'expired' }))).toBe(true);
    expect(isAgentWaitOver(queued, 1, undefined)).toBe(true);
    expect(isAgentWaitOver(running, 2, undefined)).toBe(true);
  });
});

describe('a title', () => {
  it.each(['test session', ' UnTitled ', 'New Session', 'coding task', 'DEVELOPMENT SESSION'])(
    '"%s" says nothing',
    (title) => {
      expect(isMeaninglessTitle(title)).toBe(true);
    },
  );

  it('may contain such words', () => {
    expect(isMeaninglessTitle('Untitled 2')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { brokenExecution, judge, successRateOf } from '#domain/session/outcome';
import { aWorkspace } from '#test/support/a-session';
import { aResult, aWorkItem } from '#test/support/a-work-item';

const command = (name: string, weight: number) => ({ name, run: 'true', timeoutSeconds: 60, weight });
const ran = (name: string, exitCode: number | null) => ({ name, exitCode, durationMs: 1, output: '' });
const two = { verify: [command('tests', 3), command('lint', 1)] };
const ended = aWorkItem({ state: 'completed' });
const lintFailed = aResult({ verification: [ran('tests', 0), ran('lint', 1)] });

describe('the outcome of an attempt', () => {
  it('is open while its assignment is', () => {
    for (const state of ['pending', 'offered', 'claimed', 'running'] as const) {
      expect(judge(undefined, aWorkItem({ state }), undefined)).toBeUndefined();
    }
  });

  it('is completed with an unknown rate when nothing was to be verified', () => {
    expect(judge(aWorkspace({ verify: [] }), ended, aResult())).toEqual({
      status: 'completed',
      reason: 'agent_result',
    });
  });

  it('is partly completed when the agent says so', () => {
    expect(judge(undefined, ended, aResult({ partial: true }))?.status).toBe('partially_completed');
  });

  it('measures success by weight: one of weight 1 beside one of weight 3 failed gives 0.75', () => {
    expect(judge(aWorkspace({ ...two, verifyPolicy: 'record' }), ended, lintFailed)).toEqual({
      status: 'completed',
      reason: 'agent_result',
      successRate: 0.75,
    });
  });

  it('fails, retryable, when a required verification failed', () => {
    expect(judge(aWorkspace(two), ended, lintFailed)).toEqual({
      status: 'failed',
      reason: 'verification',
      successRate: 0.75,
      error: {
        type: 'verification',
        code: 'VERIFICATION_FAILED',
        message: 'verification failed: lint',
        retryable: true,
      },
    });
  });

  it('does not take the word of an agent that leaves a command out, renames it, or has no exit code', () => {
    for (const verification of [[], [ran('other', 0)], [ran('tests', null)]]) {
      expect(judge(aWorkspace(), ended, aResult({ verification }))?.error?.code).toBe('VERIFICATION_FAILED');
    }
  });

  it('names the failure of the agent, its own or the default one', () => {
    const failed = aWorkItem({ state: 'failed' });
    const named = aResult({
      status: 'failed',
      errorCode: 'REPOSITORY_REFUSED',
      errorMessage: 'no file: here',
      retryable: false,
    });
    expect(judge(undefined, failed, named)).toEqual({
      status: 'failed',
      reason: 'agent_result',
      error: { type: 'agent', code: 'REPOSITORY_REFUSED', message: 'no file: here', retryable: false },
    });
    expect(judge(undefined, failed, aResult({ status: 'failed' }))?.error?.code).toBe('AGENT_EXECUTION_FAILED');
  });

  it('keeps the rate of a failure that was verified', () => {
    const result = aResult({ ...lintFailed, status: 'failed', errorCode: 'VERIFICATION_FAILED' });
    expect(judge(aWorkspace(two), aWorkItem({ state: 'failed' }), result)).toMatchObject({
      status: 'failed',
      reason: 'verification',
      successRate: 0.75,
      error: { type: 'verification' },
    });
  });

  it('is timeout when the working time was used up', () => {
    expect(judge(undefined, aWorkItem({ state: 'failed' }), aResult({ status: 'timeout' }))).toMatchObject({
      status: 'timeout',
      reason: 'max_duration',
      error: { code: 'SESSION_TIMEOUT' },
    });
    const said = aResult({ status: 'timeout', errorMessage: 'too long' });
    expect(judge(undefined, aWorkItem({ state: 'failed' }), said)?.error?.message).toBe('too long');
  });

  it.each(['stopped', 'cancelled'] as const)('is %s when the agent was', (status) => {
    expect(judge(undefined, aWorkItem({ state: 'cancelled' }), aResult({ status }))?.status).toBe(status);
  });

  it('is open while another agent may go on with what one has lost, and orphaned after three', () => {
    const lost = (grant: number) => aWorkItem({ state: 'expired', agentId: 'AGENT', grant });
    expect([1, 2].map((grant) => judge(undefined, lost(grant), undefined))).toEqual([undefined, undefined]);
    expect(judge(undefined, lost(3), undefined)).toMatchObject({
      status: 'orphaned',
      reason: 'lease_lost',
      error: { code: 'AGENT_LEASE_EXPIRED' },
    });
  });

  it('is a failure that another try at once would meet again when no agent took the work', () => {
    expect(judge(undefined, aWorkItem({ state: 'expired' }), undefined)).toMatchObject({
      status: 'failed',
      reason: 'no_agent',
      error: { code: 'AGENT_UNAVAILABLE', retryable: true },
    });
  });

  it.each([
    ['registered', 'no agent was registered'],
    ['reachable', 'every agent was offline, busy or draining'],
    ['capable', 'no agent that was online has all required capabilities'],
    ['capacity', 'every agent that fits was busy'],
    [undefined, 'the agent that was to have it did not claim it'],
  ] as const)('says of work that no agent took what kept them from it: %s', (waitingReason, why) => {
    const { error } = judge(undefined, aWorkItem({ state: 'expired', waitingReason }), undefined) ?? {};
    expect(error?.message).toBe(`no agent took the work within queue_ttl_seconds, or an hour if that is less: ${why}`);
  });

  it.each([
    ['2026-05-04T13:00:00.000Z', 'the working time is used up'],
    [
      '2026-05-04T12:00:03.000Z',
      'the agent said that it ran out of time; the working time of the session was not used up',
    ],
  ])('by an agent that says it ran out of time, at %s, does not claim more than is true', (endedAt, message) => {
    const work = aWorkItem({ state: 'failed', deadlineAt: '2026-05-04T13:00:00.000Z', endedAt });
    expect(judge(undefined, work, aResult({ status: 'timeout' }))?.error).toMatchObject({
      code: 'SESSION_TIMEOUT',
      message,
    });
  });

  it('is orphaned when the assignment ended without a result', () => {
    expect(judge(undefined, aWorkItem({ state: 'cancelled' }), undefined)).toMatchObject({
      status: 'orphaned',
      error: { code: 'SESSION_ORPHANED' },
    });
  });

  it('is timeout when the lease ran out behind the deadline, from where on nobody could renew it', () => {
    const late = {
      state: 'expired',
      agentId: 'AGENT',
      deadlineAt: '2026-05-04T12:30:00.000Z',
      endedAt: '2026-05-04T12:31:00.000Z',
    } as const;
    expect(judge(undefined, aWorkItem(late), undefined)).toMatchObject({
      status: 'timeout',
      error: { code: 'SESSION_TIMEOUT' },
    });
  });

  it('explains a broken execution in at most 1,000 characters', () => {
    const outcome = brokenExecution('x'.repeat(2000));
    expect(outcome).toMatchObject({ status: 'orphaned', reason: 'execution_lost' });
    expect(outcome.error?.message).toHaveLength(1000);
  });
});

describe('the success rate', () => {
  it('is unknown without commands or without weight, never 1', () => {
    expect(successRateOf([])).toBeUndefined();
    expect(successRateOf([{ passed: true, weight: 0 }])).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { readSettings } from '#lib/config';

const from = (context: Record<string, unknown>) => readSettings((key) => context[key]);

describe('the settings of a stage', () => {
  it('belong to stage dev when nothing is said', () => {
    expect(from({})).toEqual({
      stage: 'dev',
      agentPollSeconds: 2,
      agentIdlePollSeconds: 5,
      leaseSeconds: 120,
      streamFailures: 'partial',
      keyEnvironment: 'test',
      keepsData: true,
      reservesConcurrency: true,
      hasAlarms: true,
      concurrencyQuota: 1000,
    });
  });

  it('are quick and disposable on the local stage, whose stream knows no partial failures', () => {
    expect(from({ stage: 'local' })).toEqual({
      stage: 'local',
      agentPollSeconds: 1,
      agentIdlePollSeconds: 1,
      leaseSeconds: 30,
      streamFailures: 'throw',
      keyEnvironment: 'test',
      keepsData: false,
      reservesConcurrency: false,
      hasAlarms: false,
      concurrencyQuota: 1000,
    });
  });

  it('can be set one by one, as text on a command line', () => {
    const context = {
      stage: 'prod',
      lease_seconds: '300',
      agent_poll_seconds: '5',
      stream_failures: 'throw',
      reserved_concurrency: 'off',
      alarms: 'off',
      alarm_email: 'ops@example.com',
      concurrency_quota: '50',
    };
    expect(from(context)).toEqual({
      stage: 'prod',
      agentPollSeconds: 5,
      agentIdlePollSeconds: 12.5,
      leaseSeconds: 300,
      streamFailures: 'throw',
      keyEnvironment: 'live',
      keepsData: true,
      reservesConcurrency: false,
      hasAlarms: false,
      alarmEmail: 'ops@example.com',
      concurrencyQuota: 50,
    });
  });

  it.each(['', 'Prod', '1st', 'a_b', 'x'.repeat(21)])('refuse %j as a stage', (stage) => {
    expect(() => from({ stage })).toThrow(/must be 1 to 20 characters[\s\S]*stage/);
  });

  it.each([
    ['lease_seconds', '4'],
    ['lease_seconds', '901'],
    ['lease_seconds', 'soon'],
    ['agent_poll_seconds', '0'],
    ['agent_poll_seconds', '61'],
    ['stream_failures', 'ignore'],
    ['reserved_concurrency', 'yes'],
    ['alarms', 'true'],
    ['alarm_email', 'ops'],
    ['concurrency_quota', '9'],
  ])('refuse %s=%s and name it', (key, value) => {
    expect(() => from({ [key]: value })).toThrow(key);
  });
});

import { describe, expect, it } from 'vitest';
import { readSettings } from '#lib/config';

const from = (context: Record<string, unknown>) => readSettings((key) => context[key]);

describe('the settings of a stage', () => {
  it('belong to stage dev when nothing is said', () => {
    expect(from({})).toEqual({
      stage: 'dev',
      agentPollSeconds: 2,
      leaseSeconds: 120,
      streamFailures: 'partial',
      keyEnvironment: 'test',
      keepsData: true,
    });
  });

  it('are quick and disposable on the local stage, whose stream knows no partial failures', () => {
    expect(from({ stage: 'local' })).toEqual({
      stage: 'local',
      agentPollSeconds: 1,
      leaseSeconds: 30,
      streamFailures: 'throw',
      keyEnvironment: 'test',
      keepsData: false,
    });
  });

  it('can be set one by one, as text on a command line', () => {
    expect(from({ stage: 'prod', lease_seconds: '300', agent_poll_seconds: '5', stream_failures: 'throw' })).toEqual({
      stage: 'prod',
      agentPollSeconds: 5,
      leaseSeconds: 300,
      streamFailures: 'throw',
      keyEnvironment: 'live',
      keepsData: true,
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
  ])('refuse %s=%s and name it', (key, value) => {
    expect(() => from({ [key]: value })).toThrow(key);
  });
});

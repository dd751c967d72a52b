import { ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeExecutionLog } from '#apps/cli/executions/step-functions';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const arn = (name: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;
const machines = {
  stateMachines: [
    { name: 'SomethingElse', stateMachineArn: arn('SomethingElse') },
    { name: 'SessionLifecycleStateMachine1', stateMachineArn: arn('SessionLifecycleStateMachine1') },
    { name: 'SessionLifecycleStateMachine2', stateMachineArn: arn('SessionLifecycleStateMachine2') },
  ],
};
const day = (number: number) => new Date(Date.UTC(2026, 4, number));
const failing = (error: object) =>
  makeExecutionLog(aRecordingClient<SFNClient>(Object.assign(new Error('why'), error)).client);

describe('the newest execution of a session', () => {
  it('is the first of its prefix, newest first, in whichever stage it is', async () => {
    const { client, sent } = aRecordingClient<SFNClient>(
      machines,
      { executions: [{ name: 'T-X-1', startDate: day(3) }] },
      { executions: [{ name: 'T-Y-1', startDate: day(3) }], nextToken: 'more' },
      {
        executions: [
          { name: 'T-S-2', startDate: day(2) },
          { name: 'T-S-1', startDate: day(1) },
        ],
      },
    );
    expect(await makeExecutionLog(client).newest('T-S-', day(1).getTime())).toBe('T-S-2');
    expect(sent.map(({ input }) => [input['stateMachineArn'], input['nextToken']])).toEqual([
      [undefined, undefined],
      [arn('SessionLifecycleStateMachine1'), undefined],
      [arn('SessionLifecycleStateMachine2'), undefined],
      [arn('SessionLifecycleStateMachine2'), 'more'],
    ]);
  });

  it('is not searched among executions that are older than the session', async () => {
    const page = { executions: [{ name: 'T-X-1', startDate: day(1) }], nextToken: 'more' };
    const { client, sent } = aRecordingClient<SFNClient>(machines, page, page);
    expect(await makeExecutionLog(client).newest('T-S-', day(2).getTime())).toBeUndefined();
    expect(sent).toHaveLength(3);
  });
});

describe('an execution', () => {
  it('is read with every page of its history, oldest first, and without data', async () => {
    const missing = sdkError(ExecutionDoesNotExist);
    const { client, sent } = aRecordingClient<SFNClient>(
      machines,
      missing,
      { name: 'T-S-1', status: 'FAILED', startDate: day(1), stopDate: day(2), error: 'E', cause: 'C' },
      {
        events: [{ type: 'TaskStateEntered', timestamp: day(1), stateEnteredEventDetails: { name: 'Claim Slot' } }],
        nextToken: '2',
      },
      {
        events: [
          { type: 'TaskFailed', timestamp: day(1), taskFailedEventDetails: { error: 'Lambda.Unknown' } },
          { type: 'TaskStateExited', timestamp: day(2), stateExitedEventDetails: { name: 'Claim Slot' } },
        ],
      },
    );
    expect(await makeExecutionLog(client).read('T-S-1')).toEqual({
      name: 'T-S-1',
      status: 'FAILED',
      startedAt: day(1).toISOString(),
      endedAt: day(2).toISOString(),
      error: 'E',
      cause: 'C',
      events: [
        { type: 'TaskStateEntered', at: day(1).toISOString(), state: 'Claim Slot', error: undefined },
        { type: 'TaskFailed', at: day(1).toISOString(), state: undefined, error: 'Lambda.Unknown' },
        { type: 'TaskStateExited', at: day(2).toISOString(), state: 'Claim Slot', error: undefined },
      ],
    });
    expect(sent.at(-1)?.input).toMatchObject({
      executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:SessionLifecycleStateMachine2:T-S-1',
      includeExecutionData: false,
    });
  });

  it('that no stage has is undefined', async () => {
    const missing = sdkError(ExecutionDoesNotExist);
    expect(await makeExecutionLog(aRecordingClient<SFNClient>(machines, missing).client).read('T-S-1')).toBeUndefined();
  });
});

describe('a failure of AWS', () => {
  it.each([
    ['no login', { name: 'CredentialsProviderError' }, 3, /credentials/],
    ['an old login', { name: 'ExpiredTokenException' }, 3, /credentials/],
    ['no permission', { name: 'AccessDeniedException' }, 3, /refuses/],
    ['no region', { message: 'Region is missing' }, 2, /region/],
    ['no answer', { code: 'ECONNREFUSED' }, 4, /does not answer/],
  ])('%s is explained, with what to do', async (_, error, code, message) => {
    const refusal = failing(error).read('T-S-1');
    await expect(refusal).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.any(String),
    });
  });

  it('of another kind stays what it is', async () => {
    await expect(failing({ name: 'ThrottlingException' }).newest('T-S-', 0)).rejects.toThrow('why');
  });

  it('is also an account without our machine', async () => {
    const { client } = aRecordingClient<SFNClient>({ stateMachines: [machines.stateMachines[0]] });
    await expect(makeExecutionLog(client).read('T-S-1')).rejects.toThrow('There is no state machine of sessions');
  });
});

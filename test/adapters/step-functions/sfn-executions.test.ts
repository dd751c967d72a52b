import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeExecutions } from '#adapters/step-functions/sfn-executions';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:session-lifecycle';
const execution = { tenantId: '01T', sessionId: '01S', run: 2 };

describe('executions', () => {
  it('start with the ids as their input and the name that says what they are for', async () => {
    const { client, sent } = aRecordingClient<SFNClient>();
    await makeExecutions(client, machine).start(execution);
    expect(sent).toEqual([
      {
        name: 'StartExecutionCommand',
        input: {
          stateMachineArn: machine,
          name: '01T-01S-2',
          input: '{"tenant_id":"01T","session_id":"01S","run":2}',
        },
      },
    ]);
  });

  it('that run, or have run, under that name already are started', async () => {
    const { client } = aRecordingClient<SFNClient>(sdkError(ExecutionAlreadyExists));
    await expect(makeExecutions(client, machine).start(execution)).resolves.toBeUndefined();
  });

  it('that cannot be started are an error', async () => {
    const error = sdkError(StateMachineDoesNotExist);
    const { client } = aRecordingClient<SFNClient>(error);
    await expect(makeExecutions(client, machine).start(execution)).rejects.toBe(error);
  });

  it('are stopped by their own name with a cause', async () => {
    const { client, sent } = aRecordingClient<SFNClient>();
    await makeExecutions(client, machine).stop(execution, 'because');
    expect(sent).toEqual([
      {
        name: 'StopExecutionCommand',
        input: {
          executionArn: 'arn:aws:states:us-east-1:000000000000:execution:session-lifecycle:01T-01S-2',
          error: 'SessionEnded',
          cause: 'because',
        },
      },
    ]);
  });

  it('that never began need no stop; other errors pass', async () => {
    const unknown = aRecordingClient<SFNClient>(sdkError(ExecutionDoesNotExist));
    await expect(makeExecutions(unknown.client, machine).stop(execution, 'because')).resolves.toBeUndefined();
    const error = new Error('throttled');
    const failing = aRecordingClient<SFNClient>(error);
    await expect(makeExecutions(failing.client, machine).stop(execution, 'because')).rejects.toBe(error);
  });
});

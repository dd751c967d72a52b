import {
  InvalidArn,
  InvalidOutput,
  InvalidToken,
  KmsThrottlingException,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeTaskTokens } from '#adapters/step-functions/sfn-task-tokens';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const complete = (error?: Error) => makeTaskTokens(aRecordingClient<SFNClient>(error).client).complete('token');

describe('completing a task token', () => {
  it('hands over an empty output', async () => {
    const { client, sent } = aRecordingClient<SFNClient>();
    await makeTaskTokens(client).complete('token');
    expect(sent).toEqual([{ name: 'SendTaskSuccessCommand', input: { taskToken: 'token', output: '{}' } }]);
  });

  it.each([
    ['TaskTimedOut', sdkError(TaskTimedOut)],
    ['TaskDoesNotExist', sdkError(TaskDoesNotExist)],
    ['InvalidToken', sdkError(InvalidToken)],
  ])('that is used up (%s) is no error', async (_, error) => {
    await expect(complete(error)).resolves.toBeUndefined();
  });

  it.each([
    ['InvalidOutput', sdkError(InvalidOutput)],
    ['InvalidArn', sdkError(InvalidArn)],
    ['KmsThrottlingException', sdkError(KmsThrottlingException)],
    ['a lost connection', new Error('socket hang up')],
  ])('that fails otherwise (%s) is one', async (_, error) => {
    await expect(complete(error)).rejects.toBe(error);
  });
});

import { ExecutionAlreadyExists, type SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeCurations } from '#adapters/step-functions/sfn-curations';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:dataset-curation';
const curation = { tenantId: '01T', datasetId: '01D' };

describe('the build of a dataset', () => {
  it('starts under the name of its dataset, with the ids as its input', async () => {
    const { client, sent } = aRecordingClient<SFNClient>();
    await makeCurations(client, machine).start(curation);
    const input = { stateMachineArn: machine, name: '01T-01D', input: '{"tenant_id":"01T","dataset_id":"01D"}' };
    expect(sent).toEqual([{ name: 'StartExecutionCommand', input }]);
  });

  it('that was started is started; what cannot be started is an error', async () => {
    const again = aRecordingClient<SFNClient>(sdkError(ExecutionAlreadyExists));
    await expect(makeCurations(again.client, machine).start(curation)).resolves.toBeUndefined();
    const error = sdkError(StateMachineDoesNotExist);
    const failing = aRecordingClient<SFNClient>(error);
    await expect(makeCurations(failing.client, machine).start(curation)).rejects.toBe(error);
  });
});

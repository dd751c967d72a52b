import { ExecutionAlreadyExists, type SFNClient, StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { makeCurations } from '#adapters/step-functions/sfn-curations';
import { aRecordingClient, sdkError } from '#test/support/recording-client';

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:dataset-curation';
const curation = { tenantId: '01T', datasetId: '01D' };

describe('the build of a dataset', () => {
  it('starts under the name of its dataset, and of its number when it goes on for a lost one, with the ids as its input', async () => {
    const { client, sent } = aRecordingClient<SFNClient>();
    await makeCurations(client, machine).start(curation);
    await makeCurations(client, machine).start({ ...curation, run: 2 });
    const begun = (name: string, run: number) => ({
      name: 'StartExecutionCommand',
      input: { stateMachineArn: machine, name, input: `{"tenant_id":"01T","dataset_id":"01D","run":${run}}` },
    });
    expect(sent).toEqual([begun('01T-01D', 1), begun('01T-01D-2', 2)]);
  });

  it('that was started is started; what cannot be started is an error', async () => {
    const again = aRecordingClient<SFNClient>(sdkError(ExecutionAlreadyExists));
    await expect(makeCurations(again.client, machine).start(curation)).resolves.toBeUndefined();
    const error = sdkError(StateMachineDoesNotExist);
    const failing = aRecordingClient<SFNClient>(error);
    await expect(makeCurations(failing.client, machine).start(curation)).rejects.toBe(error);
  });
});

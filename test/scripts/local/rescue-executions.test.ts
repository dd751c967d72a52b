import type { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { type RescuedMachine, rescueExecutions } from '#scripts/local/rescue-executions';
import { aRecordingClient } from '#test/support/recording-client';

const machine: RescuedMachine = { arn: 'arn:builds', rescue: 'the-rescue', beside: { step: 'end-curation' } };
const started = Date.parse('2026-05-04T12:00:00.400Z');
const input = JSON.stringify({ tenant_id: 'T', session_id: 'S', run: 2 });

/** Executions of the emulator: when each stopped, and why. */
interface Ended {
  readonly name: string;
  readonly stopped: string;
  readonly error: string;
}

/** Rescues from these executions. */
const rescue = async (...ended: readonly Ended[]) => {
  const executions = Object.assign(new SFNClient({ region: 'us-east-1' }), {
    async send({ input: asked }: { input: { executionArn?: string; statusFilter?: string } }) {
      if (asked.executionArn === undefined) {
        expect(asked).toMatchObject({ stateMachineArn: machine.arn, statusFilter: 'FAILED' });
        return { executions: ended.map(({ name, stopped }) => ({ executionArn: name, stopDate: new Date(stopped) })) };
      }
      const { error } = ended.find(({ name }) => name === asked.executionArn) ?? expect.fail();
      return { error, input };
    },
  });
  const { client: functions, sent } = aRecordingClient<LambdaClient>();
  const remarks: string[] = [];
  await rescueExecutions({ executions, functions }, [machine], started, (text) => remarks.push(text));
  const told = sent.map((call) => ({
    ...call.input,
    Payload: JSON.parse(Buffer.from(call.input['Payload'] as Uint8Array).toString()),
  }));
  return { told, remarks };
};

describe('executions that were under way when the local cloud was stopped', () => {
  it('are told to the function that hears of executions which ended red', async () => {
    const lost = { name: 'E', stopped: '2026-05-04T12:00:00.000Z', error: 'States.ServiceRestart' };
    const { told, remarks } = await rescue(lost);
    expect(told).toEqual([
      {
        FunctionName: 'the-rescue',
        InvocationType: 'Event',
        Payload: { step: 'end-curation', source: 'aws.states', detail: { status: 'FAILED', input } },
      },
    ]);
    expect(remarks).toEqual(['1']);
  });

  it('are none where an execution failed by itself, or was lost by an earlier start', async () => {
    const { told, remarks } = await rescue(
      { name: 'FAILED', stopped: '2026-05-04T12:00:00.000Z', error: 'VERIFICATION_FAILED' },
      { name: 'EARLIER', stopped: '2026-05-04T11:00:00.000Z', error: 'States.ServiceRestart' },
    );
    expect([told, remarks]).toEqual([[], ['none']]);
  });
});

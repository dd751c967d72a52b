import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { localAws } from './local-aws.ts';

/** The clients that a rescue needs. */
export interface RescueClients {
  readonly executions: SFNClient;
  readonly functions: LambdaClient;
}

/** Which executions are looked at, and the function that hears of one that ended red. */
export interface RescuedMachine {
  readonly arn: string;
  readonly rescue: string;
  /** What the function is sent beside the event. */
  readonly beside?: object;
}

/** The clients for an emulator. */
export const rescueClients = (endpoint: string): RescueClients => ({
  executions: new SFNClient(localAws(endpoint)),
  functions: new LambdaClient(localAws(endpoint)),
});

// what the emulator makes of executions that ran when it was stopped; it tells nobody
const lostByRestart = 'States.ServiceRestart';

/** The emulator's times are whole seconds. */
const second = 1000;

/** What the emulator lost by being started at `since` or later. */
async function* lostSince({ executions: client }: RescueClients, stateMachineArn: string, since: number) {
  for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'FAILED' })) {
    for (const { executionArn, stopDate } of page.executions ?? []) {
      if (stopDate !== undefined && stopDate.getTime() <= since - second) continue;
      const { error, input } = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (error === lostByRestart) yield input;
    }
  }
}

/**
 * Begins the next run of what the last emulator's executions drove: sessions, trainings, builds of datasets. By the event that AWS would
 * send of each; without it the sweeps would find them, later. What has gone on already stays as it is.
 */
export const rescueExecutions = async (
  clients: RescueClients,
  machines: readonly RescuedMachine[],
  since: number,
  remark: (text: string) => void,
): Promise<void> => {
  let lost = 0;
  for (const { arn, rescue, beside } of machines) {
    for await (const input of lostSince(clients, arn, since)) {
      const event = { ...beside, source: 'aws.states', detail: { status: 'FAILED', input } };
      const Payload = Buffer.from(JSON.stringify(event));
      await clients.functions.send(new InvokeCommand({ FunctionName: rescue, InvocationType: 'Event', Payload }));
      lost += 1;
    }
  }
  remark(lost === 0 ? 'none' : String(lost));
};

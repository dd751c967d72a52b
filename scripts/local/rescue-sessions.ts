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
 * Begins the next run of the sessions whose executions were lost with the last emulator, by the event that AWS would send of each.
 * Without it the sweeper would find them, minutes later. A session that has gone on already stays as it is.
 */
export const rescueSessions = async (
  clients: RescueClients,
  { arn, rescue }: RescuedMachine,
  since: number,
  remark: (text: string) => void,
): Promise<void> => {
  let lost = 0;
  for await (const input of lostSince(clients, arn, since)) {
    const event = { detail: { status: 'FAILED', input } };
    await clients.functions.send(
      new InvokeCommand({ FunctionName: rescue, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) }),
    );
    lost += 1;
  }
  remark(lost === 0 ? 'none' : String(lost));
};

import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  type HistoryEvent as SdkEvent,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { AwsEndpoint } from '#apps/cli/configuration';
import { everyPage } from '#apps/cli/every-page';
import { explainAws } from '#apps/cli/operator/explain-aws';
import { Refusal } from '#apps/cli/refusal';
import type { ExecutionLog, HistoryEvent, RecordedExecution } from './execution-log.ts';

/** How CloudFormation names the machine: after its place in the template. */
const MACHINE = /SessionLifecycle/;
const PAGE = 1000;
const USE = {
  service: 'Step Functions',
  needed: 'states:ListStateMachines, ListExecutions, DescribeExecution and GetExecutionHistory',
};

const eventOf = (event: SdkEvent): HistoryEvent => ({
  type: event.type ?? '',
  at: (event.timestamp ?? new Date(0)).toISOString(),
  state: event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name,
  error:
    event.taskFailedEventDetails?.error ??
    event.taskTimedOutEventDetails?.error ??
    event.taskStartFailedEventDetails?.error ??
    event.taskSubmitFailedEventDetails?.error,
});

/** The executions of every stage of an account and region: their names belong to one tenant's session, so no stage need be named. */
export const makeExecutionLog = (client: Pick<SFNClient, 'send'>): ExecutionLog => {
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw explainAws(error, USE);
    }
  };

  const machines = async (): Promise<string[]> => {
    const all = await everyPage(async (nextToken) => {
      const page = await client.send(new ListStateMachinesCommand({ nextToken, maxResults: PAGE }));
      return { items: page.stateMachines ?? [], next_cursor: page.nextToken };
    });
    const found = all
      .filter(({ name = '' }) => MACHINE.test(name))
      .flatMap(({ stateMachineArn = [] }) => stateMachineArn);
    if (found.length === 0)
      throw new Refusal('There is no state machine of sessions in this AWS account and region.', {
        remedy: 'Choose the account and region of the deployment: AWS_PROFILE, AWS_REGION.',
      });
    return found;
  };

  const newestOf = async (stateMachineArn: string, prefix: string, since: number): Promise<string | undefined> => {
    let nextToken: string | undefined;
    do {
      const page = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: PAGE, nextToken }));
      const executions = page.executions ?? [];
      const found = executions.find(({ name = '' }) => name.startsWith(prefix));
      if (found) return found.name;
      // newest first: what follows is older than the session
      const oldest = executions.at(-1)?.startDate;
      nextToken = oldest && oldest.getTime() < since ? undefined : page.nextToken;
    } while (nextToken !== undefined);
    return undefined;
  };

  const describe = async (executionArn: string): Promise<DescribeExecutionCommandOutput | undefined> => {
    try {
      return await client.send(new DescribeExecutionCommand({ executionArn }));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  };

  const recorded = async (executionArn: string): Promise<RecordedExecution | undefined> => {
    const description = await describe(executionArn);
    if (description === undefined) return undefined;
    const events = await everyPage(async (nextToken) => {
      const page = await client.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: PAGE, nextToken, includeExecutionData: false }),
      );
      return { items: page.events ?? [], next_cursor: page.nextToken };
    });
    const { name = '', status = '', startDate = new Date(0), stopDate, error, cause } = description;
    return {
      name,
      status,
      startedAt: startDate.toISOString(),
      endedAt: stopDate?.toISOString(),
      error,
      cause,
      events: events.map(eventOf),
    };
  };

  return {
    newest: (prefix, since) =>
      asked(async () => {
        for (const machine of await machines()) {
          const found = await newestOf(machine, prefix, since);
          if (found !== undefined) return found;
        }
        return undefined;
      }),
    read: (name) =>
      asked(async () => {
        for (const machine of await machines()) {
          const found = await recorded(`${machine.replace(':stateMachine:', ':execution:')}:${name}`);
          if (found !== undefined) return found;
        }
        return undefined;
      }),
  };
};

/** Reads with the operator's AWS credentials, or of the local cloud with those that it takes. */
export const openExecutionLog = (local: AwsEndpoint | undefined): ExecutionLog =>
  makeExecutionLog(
    new SFNClient(local ? { ...local, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } : {}),
  );

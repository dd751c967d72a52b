import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions } from '#application/ports/executions';
import { type Execution, executionName } from '#contracts/execution-name';

const executionArn = (machineArn: string, execution: Execution) =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${executionName(execution)}`;

/** Executions of one state machine. */
export const makeExecutions = (client: SFNClient, machineArn: string): Executions => ({
  async start(execution) {
    const input = { tenant_id: execution.tenantId, session_id: execution.sessionId, run: execution.run };
    const command = new StartExecutionCommand({
      stateMachineArn: machineArn,
      name: executionName(execution),
      input: JSON.stringify(input),
    });
    await client.send(command).catch((error: unknown) => {
      // the name says what it is for, so an execution of that name is this one
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    });
  },

  async stop(execution, cause) {
    const command = new StopExecutionCommand({
      executionArn: executionArn(machineArn, execution),
      error: 'SessionEnded',
      cause,
    });
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    });
  },
});

import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions, TrainingExecutions } from '#application/ports/executions';
import { executionName, trainingExecutionName } from '#contracts/execution-name';

/** Starts and stops executions of one machine by name. */
const executionsOf = (client: SFNClient, stateMachineArn: string) => ({
  async start(name: string, input: object): Promise<void> {
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    await client.send(command).catch((error: unknown) => {
      // the name says what it is for, so an execution of that name is this one
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    });
  },

  async stop(name: string, error: string, cause: string): Promise<void> {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    await client.send(new StopExecutionCommand({ executionArn, error, cause })).catch((failure: unknown) => {
      if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
    });
  },
});

/** Executions of the machine that drives sessions. */
export const makeExecutions = (client: SFNClient, machineArn: string): Executions => {
  const { start, stop } = executionsOf(client, machineArn);
  return {
    start: (execution) => {
      const { tenantId, sessionId, run } = execution;
      return start(executionName(execution), { tenant_id: tenantId, session_id: sessionId, run });
    },
    stop: (execution, cause) => stop(executionName(execution), 'SessionEnded', cause),
  };
};

/** Executions of the machine that drives training jobs. */
export const makeTrainingExecutions = (client: SFNClient, machineArn: string): TrainingExecutions => {
  const { start, stop } = executionsOf(client, machineArn);
  return {
    start: (execution) => {
      const { tenantId, jobId, attempt, run = 1 } = execution;
      return start(trainingExecutionName(execution), { tenant_id: tenantId, job_id: jobId, attempt, run });
    },
    stop: (execution, cause) => stop(trainingExecutionName(execution), 'JobEnded', cause),
  };
};

import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Curations } from '#application/ports/curations';

/** Executions of the machine that builds datasets; each is named after its dataset, those that go on for a lost one with their number. */
export const makeCurations = (client: SFNClient, stateMachineArn: string): Curations => ({
  async start({ tenantId, datasetId, run = 1 }) {
    const input = JSON.stringify({ tenant_id: tenantId, dataset_id: datasetId, run });
    const name = [tenantId, datasetId, ...(run === 1 ? [] : [run])].join('-');
    const command = new StartExecutionCommand({ stateMachineArn, name, input });
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    });
  },
});

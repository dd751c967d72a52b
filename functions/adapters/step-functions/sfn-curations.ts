import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Curations } from '#application/ports/curations';

/** Executions of the machine that builds datasets; each is named after its dataset, which has one. */
export const makeCurations = (client: SFNClient, stateMachineArn: string): Curations => ({
  async start({ tenantId, datasetId }) {
    const input = JSON.stringify({ tenant_id: tenantId, dataset_id: datasetId });
    const command = new StartExecutionCommand({ stateMachineArn, name: `${tenantId}-${datasetId}`, input });
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    });
  },
});

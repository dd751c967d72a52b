import { sqsConsumer } from '#runtime/sqs-consumer';
import { curations, executions, trainingExecutions } from '#runtime/step-functions';

/** Starts the execution that a queued session, a training job or a new dataset asked for. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run, training, curation, curationRun } }) => {
  if (run) await executions().start({ tenantId: tenant_id, sessionId: run.sessionId, run: run.number });
  if (training) await trainingExecutions().start({ tenantId: tenant_id, ...training });
  if (curation) await curations().start({ tenantId: tenant_id, datasetId: curation, run: curationRun });
});

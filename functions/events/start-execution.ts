import { sqsConsumer } from '#runtime/sqs-consumer';
import { executions, trainingExecutions } from '#runtime/step-functions';

/** Starts the execution that a queued session or training job asked for. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run, training } }) => {
  if (run) await executions().start({ tenantId: tenant_id, sessionId: run.sessionId, run: run.number });
  if (training) await trainingExecutions().start({ tenantId: tenant_id, ...training });
});

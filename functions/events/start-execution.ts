import { sqsConsumer } from '#runtime/sqs-consumer';
import { executions } from '#runtime/step-functions';

/** Starts the execution that a queued session asked for. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run } }) => {
  if (run) await executions().start({ tenantId: tenant_id, sessionId: run.sessionId, run: run.number });
});

import { ports } from '#runtime/ports';
import { sqsConsumer } from '#runtime/sqs-consumer';

/** Starts the execution that a queued session asked for. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run } }) => {
  if (run) await ports().executions().start({ tenantId: tenant_id, sessionId: run.sessionId, run: run.number });
});

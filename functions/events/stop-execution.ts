import { sqsConsumer } from '#runtime/sqs-consumer';
import { executions } from '#runtime/step-functions';

/** Stops the execution of a session that a person ended. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run } }) => {
  if (!run) return;
  const execution = { tenantId: tenant_id, sessionId: run.sessionId, run: run.number };
  await executions().stop(execution, 'a person cancelled the session');
});

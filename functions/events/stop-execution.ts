import { sqsConsumer } from '#runtime/sqs-consumer';
import { executions, trainingExecutions } from '#runtime/step-functions';

/** Stops the execution of a session or training job that a person ended. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { run, training } }) => {
  if (run) {
    const execution = { tenantId: tenant_id, sessionId: run.sessionId, run: run.number };
    await executions().stop(execution, 'a person cancelled the session');
  }
  if (training) await trainingExecutions().stop({ tenantId: tenant_id, ...training }, 'a person cancelled the job');
});

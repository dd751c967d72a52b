import { makeRecoverSession } from '#application/recover-session';
import { EndedExecution } from '#contracts/workflow';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { queueConsumer } from '#runtime/sqs-consumer';

/** An execution ended red: unless its session has ended with it, the next run goes on. */
export const handler = queueConsumer(EndedExecution, async ({ detail: { status, input } }) => {
  const { storeOf, clock, ids } = ports();
  const recover = makeRecoverSession({ store: storeOf(input.tenant_id), clock, ids });
  const recovered = await recover({ sessionId: input.session_id, run: input.run });
  if (recovered !== 'settled') logger.warn('execution lost', { recovered, status, ...input });
});

import { makeWakeSession } from '#application/wake-session';
import { ports } from '#runtime/ports';
import { sqsConsumer } from '#runtime/sqs-consumer';
import { tokens } from '#runtime/step-functions';

/** Completes the waits that a change has ended. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { wake } }) => {
  const { storeOf, clock } = ports();
  const wakeSession = makeWakeSession({ store: storeOf(tenant_id), tokens: tokens(), clock });
  for (const sessionId of wake) await wakeSession(sessionId);
});

import { makeWakeJob } from '#application/job-wait';
import { makeWakeSession } from '#application/wake-session';
import { ports } from '#runtime/ports';
import { sqsConsumer } from '#runtime/sqs-consumer';
import { tokens } from '#runtime/step-functions';

/** Completes the waits that a change has ended. */
export const handler = sqsConsumer(async ({ tenant_id, internal: { wake, wakeJobs } }) => {
  const { storeOf, clock } = ports();
  const shared = { store: storeOf(tenant_id), tokens: tokens(), clock };
  const wakeSession = makeWakeSession(shared);
  for (const sessionId of wake) await wakeSession(sessionId);
  const wakeJob = makeWakeJob(shared);
  for (const jobId of wakeJobs) await wakeJob(jobId);
});

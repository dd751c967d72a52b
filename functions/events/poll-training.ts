import * as z from 'zod';
import { makePollTrainingJob } from '#application/poll-training-job';
import { makePollDueTraining } from '#application/poll-training-jobs';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';
import { providersOver } from '#runtime/training-providers';

/** An event of the bus that names one attempt of a job; the clock's names none. */
const Named = z.object({
  detail: z.object({
    tenant_id: z.string(),
    internal: z.object({ training: z.object({ jobId: z.string() }) }),
  }),
});

/** Each minute: looks at every training under way. In between: at one that is to be looked at now. */
export const handler = async (event: unknown): Promise<void> => {
  const { storeOf, dueWork, ...base } = ports();
  const shared = { providers: providersOver(base), tokens: tokens(), clock: base.clock, ids: base.ids };
  const named = Named.safeParse(event);
  if (named.success) {
    const { tenant_id, internal } = named.data.detail;
    await makePollTrainingJob({ ...shared, store: storeOf(tenant_id) })(internal.training.jobId);
    return;
  }
  const counts = await makePollDueTraining({ ...shared, due: dueWork(), storeOf })();
  logger.info('polled training', { ...counts, training_poll_failures: counts.failedCount });
};

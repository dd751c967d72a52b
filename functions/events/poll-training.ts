import * as z from 'zod';
import { makeEvaluate } from '#application/evaluate-training';
import { makePollDueTraining, makePollNamedTraining } from '#application/poll-training-jobs';
import type { TenantStore } from '#application/ports/tenant-store';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { changedOnSageMaker } from '#runtime/sagemaker';
import { tokens } from '#runtime/step-functions';
import { trainingOutputsOf } from '#runtime/training-outputs';
import { providersOver } from '#runtime/training-providers';

/** An event of the bus that names one attempt of a job; the clock's names none. */
const Named = z.object({
  detail: z.object({
    tenant_id: z.string(),
    internal: z.object({ training: z.object({ jobId: z.string() }) }),
  }),
});

/** The job to look at now; undefined when it is time to look at all. */
const namedBy = (event: unknown): { tenantId: string; jobId: string } | undefined => {
  const named = Named.safeParse(event);
  if (!named.success) return changedOnSageMaker(event);
  const { tenant_id: tenantId, internal } = named.data.detail;
  return { tenantId, jobId: internal.training.jobId };
};

/** Each minute: looks at every training under way. In between: at one that is to be looked at now. */
export const handler = async (event: unknown): Promise<void> => {
  const { storeOf, dueWork, ...base } = ports();
  const { clock, ids, digest } = base;
  const evaluating = { clock, ids, digest, outputsOf: trainingOutputsOf, evalItems: async () => [] };
  const evaluate = (store: TenantStore) => makeEvaluate({ ...evaluating, store });
  const shared = { providers: providersOver(base), tokens: tokens(), clock, ids, evaluate };
  const named = namedBy(event);
  const counts = named
    ? await makePollNamedTraining({ ...shared, store: storeOf(named.tenantId) })(named.jobId)
    : await makePollDueTraining({ ...shared, due: dueWork(), storeOf })();
  const { failedCount, unknownCount } = counts;
  logger.info('polled training', {
    ...counts,
    training_poll_failures: failedCount,
    training_unknown_status: unknownCount,
  });
};

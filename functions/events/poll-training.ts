import * as z from 'zod';
import { makeEvaluate } from '#application/evaluate-training';
import { makePollDueTraining, makePollNamedTraining } from '#application/poll-training-jobs';
import type { TenantStore } from '#application/ports/tenant-store';
import { makeRecoverTraining } from '#application/recover-training';
import { makeStopStrays } from '#application/stop-strays';
import { EndedTraining, StrayHunt } from '#contracts/training-workflow';
import { logTrainingFailures, logTrainingTrouble, noteTrainingFailure } from '#runtime/log-training-trouble';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { changedOnSageMaker, sageMakerFleet } from '#runtime/sagemaker';
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

/** An execution ended red: unless its job has ended with it, the next execution goes on. */
const recover = async ({ detail: { status, input } }: z.output<typeof EndedTraining>): Promise<void> => {
  const { storeOf, clock, ids, environment } = ports();
  const { tenant_id: tenantId, job_id: jobId, attempt, run } = input;
  const found = await makeRecoverTraining({ store: storeOf(tenantId), clock, ids })({ jobId, attempt, run });
  if (found !== 'settled') logTrainingTrouble({ tenantId, jobId, found }, environment.STAGE, { status });
};

/** Looks at all trainings that are due, or at the one that is named. */
const poll = async (event: unknown): Promise<void> => {
  const { storeOf, dueWork, environment, ...base } = ports();
  const { clock, ids, digest } = base;
  const evaluating = { clock, ids, digest, outputsOf: trainingOutputsOf, evalItems: async () => [] };
  const evaluate = (store: TenantStore) => makeEvaluate({ ...evaluating, store });
  const report = (remark: Parameters<typeof logTrainingTrouble>[0]) => logTrainingTrouble(remark, environment.STAGE);
  const shared = {
    providers: providersOver(base),
    tokens: tokens(),
    clock,
    ids,
    evaluate,
    report,
    note: noteTrainingFailure,
  };
  const named = namedBy(event);
  const counts = named
    ? await makePollNamedTraining({ ...shared, store: storeOf(named.tenantId) })(named.jobId)
    : await makePollDueTraining({ ...shared, due: dueWork(), storeOf })();
  logger.info('polled training', { ...counts });
  logTrainingFailures(counts, environment.STAGE);
};

/** Ends trainings that no job knows of. */
const stopStrays = async (): Promise<void> => {
  const fleet = sageMakerFleet();
  if (fleet === undefined) return;
  const { storeOf, clock, environment } = ports();
  const report = (remark: Parameters<typeof logTrainingTrouble>[0]) => logTrainingTrouble(remark, environment.STAGE);
  const counts = await makeStopStrays({ fleet, storeOf, clock, report })();
  logger.info('looked for strays', { ...counts });
  logTrainingFailures(counts, environment.STAGE);
};

/**
 * Each minute: looks at every training under way. Each hour: at those that no job knows of. In between: at one that is to be looked at
 * now, or that has lost its execution.
 */
export const handler = async (event: unknown): Promise<void> => {
  if (StrayHunt.safeParse(event).success) return stopStrays();
  const ended = EndedTraining.safeParse(event);
  await (ended.success ? recover(ended.data) : poll(event));
};

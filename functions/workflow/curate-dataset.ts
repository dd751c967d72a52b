import { makeAwaitJob } from '#application/job-wait';
import { JobTokenInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';

/** Curate Dataset */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run, task_token } = JobTokenInput.parse(event);
  const { storeOf, clock } = ports();
  const awaitJob = makeAwaitJob({ store: storeOf(tenant_id), tokens: tokens(), clock });
  await awaitJob({ jobId: job_id, attempt, run, state: 'curate-dataset', taskToken: task_token });
};

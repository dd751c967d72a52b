import { makeTrainModel } from '#application/train-model';
import { JobTokenInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';
import { providersOver } from '#runtime/training-providers';

/** Train Model */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run, task_token } = JobTokenInput.parse(event);
  const { storeOf, ...base } = ports();
  const shared = { store: storeOf(tenant_id), tokens: tokens(), clock: base.clock, ids: base.ids };
  const train = makeTrainModel({ ...shared, providers: providersOver(base) });
  await train({ jobId: job_id, attempt, run, taskToken: task_token });
};

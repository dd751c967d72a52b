import { makeClaimTrainingSlot } from '#application/claim-training-slot';
import { JobTokenInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';

/** Claim Slot of the fine-tuning machine */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run, task_token } = JobTokenInput.parse(event);
  const { storeOf, clock, ids } = ports();
  const claim = makeClaimTrainingSlot({ store: storeOf(tenant_id), tokens: tokens(), clock, ids });
  await claim({ jobId: job_id, attempt, run, taskToken: task_token });
};

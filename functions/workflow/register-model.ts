import { makeRegisterModel } from '#application/register-model';
import { JobStepInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';

/** Register Model */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run } = JobStepInput.parse(event);
  const { storeOf, clock, ids } = ports();
  await makeRegisterModel({ store: storeOf(tenant_id), clock, ids })({ jobId: job_id, attempt, run });
};

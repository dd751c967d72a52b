import { makeEstimateCost } from '#application/estimate-cost';
import { JobStepInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { prices } from '#runtime/training-offer';

/** Estimate Cost */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, job_id, attempt, run } = JobStepInput.parse(event);
  const { storeOf, clock, ids } = ports();
  const estimate = makeEstimateCost({ store: storeOf(tenant_id), prices, clock, ids });
  await estimate({ jobId: job_id, attempt, run });
};

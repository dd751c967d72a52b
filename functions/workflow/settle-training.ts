import { makePublishModelPackage } from '#application/publish-model-package';
import { makeSettleTraining } from '#application/settle-training';
import { type SettledAnswer, SettleInput } from '#contracts/training-workflow';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { sageMakerPackages } from '#runtime/sagemaker-packages';

/** The job is complete whatever becomes of it: our registry has the version. */
const publish = async (tenantId: string, step: { jobId: string; attempt: number }): Promise<void> => {
  const packages = sageMakerPackages();
  if (packages === undefined) return;
  try {
    await makePublishModelPackage({ store: ports().storeOf(tenantId), packages })(step);
  } catch (error) {
    logger.warn('the version is not in the registry of SageMaker', { error: error as Error, ...step });
  }
};

/** Settle */
export const handler = async (event: unknown): Promise<SettledAnswer> => {
  const { tenant_id, job_id, attempt, run, failure } = SettleInput.parse(event);
  const { storeOf, ...base } = ports();
  const shared = { store: storeOf(tenant_id), clock: base.clock, ids: base.ids };
  const settle = makeSettleTraining(shared);
  const { status, code, message } = await settle({ jobId: job_id, attempt, run, failure });
  if (status === 'completed') await publish(tenant_id, { jobId: job_id, attempt });
  return { status, error: code ?? status, cause: message ?? `the job is ${status}` };
};

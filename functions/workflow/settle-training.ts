import { makeSettleTraining } from '#application/settle-training';
import { type SettledAnswer, SettleInput } from '#contracts/training-workflow';
import { ports } from '#runtime/ports';
import { providersOver } from '#runtime/training-providers';

/** Settle */
export const handler = async (event: unknown): Promise<SettledAnswer> => {
  const { tenant_id, job_id, attempt, failure } = SettleInput.parse(event);
  const { storeOf, ...base } = ports();
  const shared = { store: storeOf(tenant_id), clock: base.clock, ids: base.ids };
  const settle = makeSettleTraining({ ...shared, providers: providersOver(base) });
  const { status, code, message } = await settle({ jobId: job_id, attempt, failure });
  return { status, error: code ?? status, cause: message ?? `the job is ${status}` };
};

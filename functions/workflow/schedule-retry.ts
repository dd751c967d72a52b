import { makeScheduleRetry } from '#application/schedule-retry';
import { type RetryAnswer, StepInput } from '#contracts/workflow';
import { ports } from '#runtime/ports';

/** Schedule Retry */
export const handler = async (event: unknown): Promise<RetryAnswer> => {
  const { tenant_id, session_id, run } = StepInput.parse(event);
  const { storeOf, clock, ids, chance } = ports();
  const schedule = makeScheduleRetry({ store: storeOf(tenant_id), clock, ids, chance });
  return { seconds: await schedule({ sessionId: session_id, run }) };
};

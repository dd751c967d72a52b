import { makeBeginAttempt } from '#application/begin-attempt';
import { type AttemptAnswer, StepInput } from '#contracts/workflow';
import { ports } from '#runtime/ports';

/** Begin Attempt */
export const handler = async (event: unknown): Promise<AttemptAnswer> => {
  const { tenant_id, session_id, run } = StepInput.parse(event);
  const { storeOf, clock, ids, digest } = ports();
  const begin = makeBeginAttempt({ store: storeOf(tenant_id), clock, ids, digest });
  return { attempt: await begin({ sessionId: session_id, run }) };
};

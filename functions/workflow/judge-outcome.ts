import { makeJudgeOutcome } from '#application/judge-outcome';
import { type OutcomeAnswer, StepInput } from '#contracts/workflow';
import { ports } from '#runtime/ports';

/** Judge Outcome */
export const handler = async (event: unknown): Promise<OutcomeAnswer> => {
  const { tenant_id, session_id, run } = StepInput.parse(event);
  return { outcome: await makeJudgeOutcome({ store: ports().storeOf(tenant_id) })({ sessionId: session_id, run }) };
};

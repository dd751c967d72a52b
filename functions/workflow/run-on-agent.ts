import { makeAwaitAgent } from '#application/await-agent';
import { TokenStepInput } from '#contracts/workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';

/** Run On Agent */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, session_id, run, task_token } = TokenStepInput.parse(event);
  const { storeOf, clock, ids } = ports();
  const awaitAgent = makeAwaitAgent({ store: storeOf(tenant_id), tokens: tokens(), clock, ids });
  await awaitAgent({ sessionId: session_id, run, taskToken: task_token });
};

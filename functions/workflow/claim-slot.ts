import { makeAwaitSlot } from '#application/await-slot';
import { TokenStepInput } from '#contracts/workflow';
import { ports } from '#runtime/ports';
import { tokens } from '#runtime/step-functions';

/** Claim Slot */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id, session_id, run, task_token } = TokenStepInput.parse(event);
  const { storeOf, clock } = ports();
  await makeAwaitSlot({ store: storeOf(tenant_id), tokens: tokens(), clock })({
    sessionId: session_id,
    run,
    taskToken: task_token,
  });
};

import { isSlotWaitOver } from '#domain/session/wait-over';
import type { TaskTokens } from './ports/executions.ts';
import type { GateStore, SessionStore, WaitStore } from './ports/tenant-store.ts';
import { SESSIONS_GATE } from './session-slot.ts';

export interface StepInput {
  readonly sessionId: string;
  readonly run: number;
}

/**
 * Claim Slot: the token is stored first and the slot looked for afterwards, so that a grant in between wakes the wait.
 * Completes the token itself when there is nothing to wait for.
 */
export const makeAwaitSlot =
  ({ store, tokens }: { store: SessionStore & WaitStore & GateStore; tokens: TaskTokens }) =>
  async ({ sessionId, run, taskToken }: StepInput & { taskToken: string }): Promise<void> => {
    const wait = { sessionId, run, state: 'claim-slot', taskToken } as const;
    const stored = await store.putWait(wait);
    const session = await store.getSession(sessionId);
    if (stored && !isSlotWaitOver(session, run, await store.findHolder(SESSIONS_GATE, sessionId))) return;
    await tokens.complete(taskToken);
    if (stored) await store.removeWait(wait);
  };

import { onTheWay, queueExpiry, type Wait } from '#domain/session/wait';
import { isSlotWaitOver } from '#domain/session/wait-over';
import { drivenSession } from './driven-session.ts';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { GateStore, SessionStore, WaitStore } from './ports/tenant-store.ts';
import { SESSIONS_GATE } from './session-slot.ts';

export interface StepInput {
  readonly sessionId: string;
  readonly run: number;
}

/**
 * Claim Slot: a slot that the start took ends the wait at once. Otherwise the token is stored first and the slot looked for
 * once more, so that a grant in between wakes the wait.
 */
export const makeAwaitSlot = ({
  store,
  tokens,
  clock,
}: {
  store: SessionStore & WaitStore & GateStore;
  tokens: TaskTokens;
  clock: Clock;
}) => {
  const look = async ({ sessionId, run }: StepInput) => {
    const session = await drivenSession(store, sessionId);
    return { session, isOver: isSlotWaitOver(session, run, await store.findHolder(SESSIONS_GATE, sessionId)) };
  };

  return async ({ sessionId, run, taskToken }: StepInput & { taskToken: string }): Promise<void> => {
    const { session, isOver } = await look({ sessionId, run });
    if (isOver) return tokens.complete(taskToken);
    const since = new Date(clock.now()).toISOString();
    const wait: Wait = { sessionId, run, state: 'claim-slot', taskToken, since, dueAt: queueExpiry(session) };
    const stored = await store.putWait(wait);
    if (stored && !(await look({ sessionId, run })).isOver) return;
    await tokens.complete(taskToken);
    if (stored) await store.replaceWait(wait, onTheWay(wait, clock.now()));
  };
};

import { isAgentWaitOver, isSlotWaitOver } from '#domain/session/wait-over';
import type { TaskTokens } from './ports/executions.ts';
import type { AssignmentStore, GateStore, SessionStore, WaitStore } from './ports/tenant-store.ts';
import type { Wait } from './ports/write.ts';
import { SESSIONS_GATE } from './session-slot.ts';

type Store = SessionStore & WaitStore & GateStore & AssignmentStore;

/**
 * Completes the stored wait of a session if it is over. An event that comes late, twice, or about an earlier wait
 * finds a wait that is not over, or none, and changes nothing.
 */
export const makeWakeSession = ({ store, tokens }: { store: Store; tokens: TaskTokens }) => {
  const isOver = async ({ sessionId, run, state }: Wait): Promise<boolean> => {
    const session = await store.getSession(sessionId);
    if (state === 'claim-slot') return isSlotWaitOver(session, run, await store.findHolder(SESSIONS_GATE, sessionId));
    const live = await store.findLive(sessionId);
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    return isAgentWaitOver(session, run, assignment);
  };

  return async (sessionId: string): Promise<boolean> => {
    const wait = await store.findWait(sessionId);
    if (wait === undefined || !(await isOver(wait))) return false;
    await tokens.complete(wait.taskToken);
    await store.removeWait(wait);
    return true;
  };
};

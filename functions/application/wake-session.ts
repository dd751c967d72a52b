import type { Session } from '#domain/session/session';
import { isTerminal } from '#domain/session/status';
import { onTheWay, type Wait } from '#domain/session/wait';
import { isAgentWaitOver, isSlotWaitOver } from '#domain/session/wait-over';
import type { Clock } from './ports/clock.ts';
import type { TaskTokens } from './ports/executions.ts';
import type { AssignmentStore, GateStore, SessionStore, WaitStore } from './ports/tenant-store.ts';
import { SESSIONS_GATE } from './session-slot.ts';

type Store = SessionStore & WaitStore & GateStore & AssignmentStore;

/**
 * Completes the stored wait of a session if it is over. An event that comes late, twice, or about an earlier wait
 * finds a wait that is not over, or none, and changes nothing. From then on the driver is expected to come to its next wait:
 * the token may have belonged to an execution that is lost.
 */
export const makeWakeSession = ({ store, tokens, clock }: { store: Store; tokens: TaskTokens; clock: Clock }) => {
  const isOver = async (session: Session, { run, state }: Wait): Promise<boolean> => {
    if (state === 'claim-slot') return isSlotWaitOver(session, run, await store.findHolder(SESSIONS_GATE, session.id));
    const live = await store.findLive(session.id);
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    return isAgentWaitOver(session, run, assignment);
  };

  return async (sessionId: string): Promise<boolean> => {
    const wait = await store.findWait(sessionId);
    // also one that was deleted after its end, or its execution would wait for ever
    const session = await store.findSession(sessionId);
    if (wait?.taskToken === undefined || session === undefined || !(await isOver(session, wait))) return false;
    await tokens.complete(wait.taskToken);
    if (isTerminal(session.status)) await store.removeWait(wait);
    else await store.replaceWait(wait, onTheWay(wait, clock.now()));
    return true;
  };
};

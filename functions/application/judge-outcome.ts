import { judge, type Outcome } from '#domain/session/outcome';
import { isRetriedAutomatically } from '#domain/session/retry-attempt';
import type { SessionStatus } from '#domain/session/status';
import { isTerminal, isUnderWay } from '#domain/session/status';
import type { StepInput } from './await-slot.ts';
import { drivenSession } from './driven-session.ts';
import type { AssignmentStore, SessionStore } from './ports/tenant-store.ts';

/** How the attempt ended, that another one follows it, or why there is nothing to judge. */
export type Judgement = Outcome['status'] | SessionStatus | 'retry' | 'open' | 'superseded';

/** Judge Outcome: reads what became of the attempt. Decides nothing that is not stored, so it may run twice. */
export const makeJudgeOutcome =
  ({ store }: { store: SessionStore & AssignmentStore }) =>
  async ({ sessionId, run }: StepInput): Promise<Judgement> => {
    const session = await drivenSession(store, sessionId);
    if (session.run !== run) return 'superseded';
    if (isTerminal(session.status)) return session.status;
    if (!isUnderWay(session.status)) return 'superseded';
    const live = await store.findLive(sessionId);
    const assignment = live?.assignmentId ? await store.findAssignment(live.assignmentId) : undefined;
    if (assignment === undefined) return 'open';
    const [input, result] = await Promise.all([
      store.findInput(sessionId),
      store.findResult(sessionId, session.attempt),
    ]);
    const outcome = judge(input?.workspace, assignment, result);
    if (outcome === undefined) return 'open';
    return isRetriedAutomatically(session, outcome) ? 'retry' : outcome.status;
  };

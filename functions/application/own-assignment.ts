import type { Assignment } from '#domain/assignment/assignment';
import { requireHolder, requireNotReplaced } from '#domain/assignment/fence';
import type { AssignmentStore, SessionStore } from './ports/tenant-store.ts';

/**
 * An assignment of the agent that asks. Anybody else's is answered like an unknown one.
 * @throws NotFound, and AssignmentClosed or StaleFencingToken for work that the agent has given back or lost to another
 */
export const ownAssignment = async (
  store: AssignmentStore & Pick<SessionStore, 'findLive'>,
  agentId: string,
  assignmentId: string,
): Promise<Assignment> => {
  const assignment = await store.getAssignment(assignmentId);
  requireHolder(assignment, agentId);
  if (assignment.state === 'expired') {
    const current = (await store.findLive(assignment.sessionId))?.assignmentId;
    const newest = current === undefined ? undefined : await store.findAssignment(current);
    requireNotReplaced(assignment, newest);
  }
  return assignment;
};

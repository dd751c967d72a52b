import type { Assignment } from '#domain/assignment/assignment';
import { requireHolder } from '#domain/assignment/fence';
import type { AssignmentStore } from './ports/tenant-store.ts';

/**
 * An assignment of the agent that asks. Anybody else's is answered like an unknown one.
 * @throws NotFound, and AssignmentClosed or StaleFencingToken for work that the agent has given back
 */
export const ownAssignment = async (
  store: AssignmentStore,
  agentId: string,
  assignmentId: string,
): Promise<Assignment> => {
  const assignment = await store.getAssignment(assignmentId);
  requireHolder(assignment, agentId);
  return assignment;
};

import type { Assignment } from '#domain/assignment/assignment';
import { NotFound } from '#domain/errors';
import type { AssignmentStore } from './ports/tenant-store.ts';

/**
 * An assignment of the agent that asks. Anybody else's is answered like an unknown one.
 * @throws NotFound
 */
export const ownAssignment = async (
  store: AssignmentStore,
  agentId: string,
  assignmentId: string,
): Promise<Assignment> => {
  const assignment = await store.getAssignment(assignmentId);
  if (assignment.agentId !== agentId) throw new NotFound('assignment');
  return assignment;
};

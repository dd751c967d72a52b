import { NotFound } from '#domain/errors';
import { type Assignment, isOpen } from './assignment.ts';
import { AssignmentClosed, AssignmentDeadlinePassed, StaleFencingToken } from './errors.ts';
import { isDeadlineOver, isLeaseOver } from './lease.ts';

/**
 * Tells an agent whose assignment it names, without telling it of work that is none of its business.
 * @throws NotFound when it never had the work
 * @throws AssignmentClosed when it has given the work back
 * @throws StaleFencingToken when it has given the work back and somebody else was granted it
 */
export const requireHolder = (assignment: Assignment, agentId: string): void => {
  if (assignment.agentId === agentId) return;
  if (assignment.releasedBy !== agentId) throw new NotFound('assignment');
  if (assignment.state === 'pending') throw new AssignmentClosed('pending');
  throw new StaleFencingToken(assignment.fencingToken);
};

/**
 * An expired assignment is replaced by another one of the same attempt, with the next fencing token.
 * @throws StaleFencingToken when that was granted to somebody
 */
export const requireNotReplaced = (expired: Assignment, newest: Assignment | undefined): void => {
  if (newest?.attempt === expired.attempt && newest.fencingToken > expired.fencingToken)
    throw new StaleFencingToken(newest.fencingToken);
};

/**
 * Admits a write of the agent that holds the newest grant.
 * @throws StaleFencingToken for any token but the newest: the work was granted to somebody else since
 * @throws AssignmentClosed when it has ended, or its lease has run out
 */
export const fence = (assignment: Assignment, fencingToken: number, now: number): void => {
  if (fencingToken !== assignment.fencingToken) throw new StaleFencingToken(assignment.fencingToken);
  if (!isOpen(assignment)) throw new AssignmentClosed(assignment.state);
  if (isLeaseOver(assignment, now)) throw new AssignmentClosed('expired');
};

/** @throws AssignmentDeadlinePassed when only the result would still be accepted */
export const withinDeadline = (assignment: Assignment, now: number): void => {
  if (isDeadlineOver(assignment, now)) throw new AssignmentDeadlinePassed(assignment.deadlineAt as string);
};

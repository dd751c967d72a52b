import { type Assignment, isOpen } from './assignment.ts';
import { AssignmentClosed, AssignmentDeadlinePassed, StaleFencingToken } from './errors.ts';
import { isDeadlineOver, isLeaseOver } from './lease.ts';

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

import type { Assignment } from './assignment.ts';

/**
 * Gives granted work back: it stands again where it stood in the dispatch queue. The fencing token stays, so the next grant
 * raises it; the numbers of events begin anew with the next agent.
 */
export const release = (assignment: Assignment, waitUntil: string): Assignment => ({
  ...assignment,
  state: 'pending',
  releasedBy: assignment.agentId,
  agentId: undefined,
  leaseSeconds: undefined,
  leaseUntil: undefined,
  deadlineAt: undefined,
  waitUntil,
  dueAt: waitUntil,
  claimedAt: undefined,
  signs: undefined,
  lastEventSeq: 0,
});

/** Whether an agent has given the work back, and nobody was granted it since. */
export const isReleasedBy = (assignment: Assignment, agentId: string, fencingToken: number): boolean =>
  assignment.state === 'pending' && assignment.releasedBy === agentId && assignment.fencingToken === fencingToken;

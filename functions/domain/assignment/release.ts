import type { Assignment } from './assignment.ts';

/** It may wait for the next agent as long as it might for the first. */
const waitEnd = ({ createdAt, waitUntil }: Assignment, now: number): string =>
  new Date(now + Date.parse(waitUntil) - Date.parse(createdAt)).toISOString();

/**
 * Gives granted work back: it stands again where it stood in the dispatch queue. The fencing token stays, so the next grant
 * raises it; the numbers of events begin anew with the next agent.
 */
export const release = (assignment: Assignment, now: number): Assignment => {
  const waitUntil = waitEnd(assignment, now);
  return {
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
  };
};

/** Whether an agent has given the work back, and nobody was granted it since. */
export const isReleasedBy = (assignment: Assignment, agentId: string, fencingToken: number): boolean =>
  assignment.state === 'pending' && assignment.releasedBy === agentId && assignment.fencingToken === fencingToken;

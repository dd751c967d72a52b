import type { Assignment } from './assignment.ts';

const SECOND_MS = 1000;
const GAIN_WORTH_STORING = 0.25;

const until = (now: number, seconds: number) => new Date(now + seconds * SECOND_MS).toISOString();

/** Grants pending work to an agent: a new fencing token, a lease, and the deadline of the working time. */
export const claim = (
  assignment: Assignment,
  {
    agentId,
    leaseSeconds,
    deadlineAt,
    now,
  }: { agentId: string; leaseSeconds: number; deadlineAt: string; now: number },
): Assignment => {
  const leaseUntil = until(now, leaseSeconds);
  const { routedAgentId: _routed, routedAt: _at, waitingReason: _reason, ...waited } = assignment;
  return {
    ...waited,
    state: 'claimed',
    agentId,
    fencingToken: assignment.fencingToken + 1,
    leaseSeconds,
    leaseUntil,
    dueAt: leaseUntil,
    deadlineAt,
    claimedAt: new Date(now).toISOString(),
  };
};

/**
 * Renews the lease. A gain of less than a quarter of its length is not worth a write and leaves the assignment as it is,
 * so the caller answers with what is stored.
 */
export const renew = (assignment: Assignment, now: number, leaseSeconds = assignment.leaseSeconds ?? 0): Assignment => {
  const leaseUntil = until(now, leaseSeconds);
  const gainMs = Date.parse(leaseUntil) - Date.parse(assignment.leaseUntil ?? leaseUntil);
  const changesLength = leaseSeconds !== assignment.leaseSeconds;
  if (!changesLength && gainMs < GAIN_WORTH_STORING * leaseSeconds * SECOND_MS) return assignment;
  return { ...assignment, leaseSeconds, leaseUntil };
};

/** Whether a granted assignment has outlived its lease. */
export const isLeaseOver = (assignment: Assignment, now: number): boolean =>
  assignment.leaseUntil !== undefined && Date.parse(assignment.leaseUntil) <= now;

/** Whether the working time of an assignment is used up. */
export const isDeadlineOver = (assignment: Assignment, now: number): boolean =>
  assignment.deadlineAt !== undefined && Date.parse(assignment.deadlineAt) <= now;

/** Ends an assignment in a terminal state. It needs no further look by the sweeper. */
export const close = (
  assignment: Assignment,
  state: 'completed' | 'failed' | 'cancelled' | 'expired',
  at: string,
): Assignment => ({
  ...assignment,
  state,
  endedAt: at,
  dueAt: undefined,
});

import type { Assignment } from './assignment.ts';

const SECOND_MS = 1000;
const GAIN_WORTH_STORING = 0.25;

/** How long after its deadline a result still counts. */
const GRACE_SECONDS = 30;

const iso = (ms: number) => new Date(ms).toISOString();

/** A lease ends with the grace at the latest: from then on nothing the agent does can count. */
const leaseEnd = (now: number, seconds: number, deadlineAt: string) =>
  iso(Math.min(now + seconds * SECOND_MS, Date.parse(deadlineAt) + GRACE_SECONDS * SECOND_MS));

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
  const leaseUntil = leaseEnd(now, leaseSeconds, deadlineAt);
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
 * so the caller answers with what is stored. Work that nobody has has no lease to renew.
 */
export const renew = (assignment: Assignment, now: number, asked?: number): Assignment => {
  const { leaseSeconds, leaseUntil: before, deadlineAt } = assignment;
  if (leaseSeconds === undefined || before === undefined || deadlineAt === undefined) return assignment;
  const seconds = asked ?? leaseSeconds;
  const leaseUntil = leaseEnd(now, seconds, deadlineAt);
  const gainMs = Date.parse(leaseUntil) - Date.parse(before);
  if (seconds === leaseSeconds && gainMs < GAIN_WORTH_STORING * seconds * SECOND_MS) return assignment;
  return { ...assignment, leaseSeconds: seconds, leaseUntil };
};

const earlier = (one: string, other: string) => (one < other ? one : other);

/** Granted work whose deadline moves. A lease that would outlast the grace of an earlier one ends with it, and is looked at then. */
export const moveWorkDeadline = (assignment: Assignment, deadlineAt: string): Assignment => {
  const lastEnd = iso(Date.parse(deadlineAt) + GRACE_SECONDS * SECOND_MS);
  const leaseUntil = earlier(assignment.leaseUntil as string, lastEnd);
  return { ...assignment, deadlineAt, leaseUntil, dueAt: earlier(assignment.dueAt as string, leaseUntil) };
};

/** So long after the last noted call another one is worth noting, too. */
const WORTH_NOTING_MS = 30_000;

/** Whether a call that leaves the assignment like this is worth noting as a sign of life of its agent; most follow one that was. */
export const isWorthNoting = (before: Assignment, after: Assignment, now: number): boolean => {
  if (after.leaseUntil !== before.leaseUntil || after.leaseUntil === undefined) return true;
  const renewedAt = Date.parse(after.leaseUntil) - (after.leaseSeconds as number) * SECOND_MS;
  return now >= renewedAt + WORTH_NOTING_MS;
};

/** Whether a granted assignment has outlived its lease. */
export const isLeaseOver = (assignment: Assignment, now: number): boolean =>
  assignment.leaseUntil !== undefined && Date.parse(assignment.leaseUntil) <= now;

/** Whether the assignment has outlived what it may take: its lease, or the wait for an agent. */
export const isOverdue = (assignment: Assignment, now: number): boolean =>
  assignment.state === 'pending' ? Date.parse(assignment.waitUntil) <= now : isLeaseOver(assignment, now);

/** When the sweeper has to look again. */
export const nextLook = ({ state, waitUntil, leaseUntil }: Assignment): string | undefined =>
  state === 'pending' ? waitUntil : leaseUntil;

/** Whether the working time of an assignment is used up. */
export const isDeadlineOver = (assignment: Assignment, now: number): boolean =>
  assignment.deadlineAt !== undefined && Date.parse(assignment.deadlineAt) <= now;

/** Milliseconds that the agent has had the work. */
export const heldMs = ({ claimedAt }: Assignment, now: number): number =>
  claimedAt === undefined ? 0 : now - Date.parse(claimedAt);

/** Until when the time of an agent that was lost counts as worked: its deadline at the latest. */
export const workedUntil = ({ deadlineAt }: Assignment, now: number): number =>
  deadlineAt === undefined ? now : Math.min(now, Date.parse(deadlineAt));

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

import type { Agent } from '#domain/agent/agent';
import { type HeartbeatStatus, heartbeat } from '#domain/agent/heartbeat';
import { statusAt } from '#domain/agent/silence';
import { tokenDirectives } from '#domain/agent/token-life';
import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { type Directive, directivesOf } from '#domain/assignment/directive';
import { isDeadlineOver, isLeaseOver, renew } from '#domain/assignment/lease';
import type { Word } from '#domain/assignment/signs';
import { ConcurrentUpdate } from '#domain/errors';
import { agentWrites } from './change-writes.ts';
import { hearWork, signWrites } from './follow-signs.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { makeReviewWork } from './review-work.ts';

/** How a lease stands that a heartbeat named: the assignment's state, or `stale` for an older grant, or `unknown`. */
export interface LeaseState {
  readonly assignmentId: string;
  readonly state: Assignment['state'] | 'stale' | 'unknown';
  readonly leaseUntil?: string | undefined;
}

export interface HeartbeatInput {
  readonly agentId: string;
  readonly status: HeartbeatStatus;
  readonly currentLoad: number;
  /** The time by the agent's own clock. */
  readonly timestamp?: string | undefined;
  readonly leases: readonly { readonly assignmentId: string; readonly fencingToken: number }[];
}

export interface Heartbeat {
  readonly agent: Agent;
  readonly leases: readonly LeaseState[];
  readonly directives: readonly Directive[];
}

interface LookedAt {
  readonly lease: LeaseState;
  readonly directives: readonly Directive[];
}

/** What a heartbeat says of the work: only of these two words sessions hear. */
const wordOf = (status: HeartbeatStatus): Word | undefined =>
  status === 'healthy' || status === 'degraded' ? { status } : undefined;

/** Stores what an agent says of itself, lets the sessions it works on know, and renews the leases it names with their current fencing token. */
export const makeRecordHeartbeat = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const review = makeReviewWork({ store, clock, ids });

  const renewLease = async (
    { agentId, status }: HeartbeatInput,
    { assignmentId, fencingToken }: HeartbeatInput['leases'][number],
  ): Promise<LookedAt> => {
    const assignment = await store.findAssignment(assignmentId);
    if (assignment === undefined || assignment.agentId !== agentId) return unknown(assignmentId);
    const now = clock.now();
    const { leaseUntil } = assignment;
    if (fencingToken !== assignment.fencingToken) {
      return { lease: { assignmentId, state: 'stale', leaseUntil }, directives: [] };
    }
    const directives = directivesOf(assignment, now);
    if (!isOpen(assignment)) return { lease: { assignmentId, state: assignment.state, leaseUntil }, directives };
    if (isLeaseOver(assignment, now)) return { lease: { assignmentId, state: 'expired', leaseUntil }, directives };
    const kept = isDeadlineOver(assignment, now) ? assignment : renew(assignment, now);
    const renewed = await hearWork({ store }, kept, { now, word: wordOf(status) });
    const moved = await signWrites({ store, ids }, assignment, renewed, now);
    if (renewed !== assignment || moved.length > 0)
      await store.commit([{ kind: 'assignment', before: assignment, after: renewed }, ...moved]);
    return { lease: { assignmentId, state: assignment.state, leaseUntil: renewed.leaseUntil }, directives };
  };

  /** Stores it, and tells whether it may matter to work that the heartbeat does not name. */
  const recordAgent = ({ agentId, status, currentLoad, timestamp }: HeartbeatInput) =>
    retryConflict(clock, async () => {
      const before = await store.getAgent(agentId);
      const now = clock.now();
      const change = heartbeat(before, { status, currentLoad, at: new Date(now).toISOString(), timestamp });
      await store.commit(agentWrites(change, ids));
      const isNews = status === 'degraded' || statusAt(before, now) !== change.after.status;
      return { agent: change.after, isNews };
    });

  return async (input: HeartbeatInput): Promise<Heartbeat> => {
    const { agent, isNews } = await recordAgent(input);
    if (isNews) await review(agent, wordOf(input.status));
    const lookedAt: LookedAt[] = [];
    for (const lease of input.leases) {
      const one = await retryConflict(clock, () => renewLease(input, lease)).catch((error: unknown) => {
        if (error instanceof ConcurrentUpdate) return unknown(lease.assignmentId);
        throw error;
      });
      lookedAt.push(one);
    }
    return {
      agent,
      leases: lookedAt.map(({ lease }) => lease),
      directives: [...lookedAt.flatMap(({ directives }) => directives), ...tokenDirectives(agent, clock.now())],
    };
  };
};

const unknown = (assignmentId: string): LookedAt => ({ lease: { assignmentId, state: 'unknown' }, directives: [] });

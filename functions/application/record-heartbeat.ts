import type { Agent } from '#domain/agent/agent';
import { type HeartbeatStatus, heartbeat } from '#domain/agent/heartbeat';
import { tokenDirectives } from '#domain/agent/token-life';
import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { type Directive, directivesOf } from '#domain/assignment/directive';
import { isDeadlineOver, isLeaseOver, renew } from '#domain/assignment/lease';
import { ConcurrentUpdate } from '#domain/errors';
import { agentWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

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

/** Stores what an agent says of itself and renews the leases it names with their current fencing token. */
export const makeRecordHeartbeat = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const renewLease = async (agentId: string, assignmentId: string, fencingToken: number): Promise<LookedAt> => {
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
    const renewed = isDeadlineOver(assignment, now) ? assignment : renew(assignment, now);
    if (renewed !== assignment) await store.commit([{ kind: 'assignment', before: assignment, after: renewed }]);
    return { lease: { assignmentId, state: assignment.state, leaseUntil: renewed.leaseUntil }, directives };
  };

  return async ({ agentId, status, currentLoad, leases }: HeartbeatInput): Promise<Heartbeat> => {
    const agent = await retryConflict(clock, async () => {
      const change = heartbeat(await store.getAgent(agentId), { status, currentLoad, at: isoNow(clock) });
      await store.commit(agentWrites(change, ids));
      return change.after;
    });
    const lookedAt: LookedAt[] = [];
    for (const { assignmentId, fencingToken } of leases) {
      const one = await retryConflict(clock, () => renewLease(agentId, assignmentId, fencingToken)).catch(
        (error: unknown) => {
          if (error instanceof ConcurrentUpdate) return unknown(assignmentId);
          throw error;
        },
      );
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

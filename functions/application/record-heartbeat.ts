import { type HeartbeatStatus, heartbeat } from '#domain/agent/heartbeat';
import { isOpen } from '#domain/assignment/assignment';
import { isDeadlineOver, isLeaseOver, renew } from '#domain/assignment/lease';
import { ConcurrentUpdate } from '#domain/errors';
import { agentWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface LeaseState {
  readonly assignmentId: string;
  readonly state: string;
  readonly leaseUntil?: string | undefined;
}

export interface HeartbeatInput {
  readonly agentId: string;
  readonly status: HeartbeatStatus;
  readonly currentLoad: number;
  readonly leases: readonly { readonly assignmentId: string; readonly fencingToken: number }[];
}

/** Stores what an agent says of itself and renews the leases it names with their current fencing token. */
export const makeRecordHeartbeat = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const renewLease = async (agentId: string, assignmentId: string, fencingToken: number): Promise<LeaseState> => {
    const assignment = await store.findAssignment(assignmentId);
    if (assignment === undefined || assignment.agentId !== agentId) return { assignmentId, state: 'unknown' };
    const now = clock.now();
    const isMine =
      isOpen(assignment) &&
      fencingToken === assignment.fencingToken &&
      !isLeaseOver(assignment, now) &&
      !isDeadlineOver(assignment, now);
    const renewed = isMine ? renew(assignment, now) : assignment;
    if (renewed !== assignment) await store.commit([{ kind: 'assignment', before: assignment, after: renewed }]);
    return { assignmentId, state: assignment.state, leaseUntil: renewed.leaseUntil };
  };

  return async ({ agentId, status, currentLoad, leases }: HeartbeatInput): Promise<readonly LeaseState[]> => {
    await retryConflict(clock, async () => {
      const change = heartbeat(await store.getAgent(agentId), { status, currentLoad, at: isoNow(clock) });
      await store.commit(agentWrites(change, ids));
    });
    const states: LeaseState[] = [];
    for (const { assignmentId, fencingToken } of leases) {
      const state = await retryConflict(clock, () => renewLease(agentId, assignmentId, fencingToken)).catch(
        (error: unknown) => {
          if (error instanceof ConcurrentUpdate) return { assignmentId, state: 'unknown' };
          throw error;
        },
      );
      states.push(state);
    }
    return states;
  };
};

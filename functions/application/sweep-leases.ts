import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { isOverdue, nextLook, workedUntil } from '#domain/assignment/lease';
import { stopClock } from '#domain/session/live';
import { endAssignment } from './end-assignment.ts';
import { giveUpWork } from './give-up-work.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 200;

export interface Sweep {
  readonly expired: number;
  readonly rearmed: number;
}

/**
 * Ends assignments whose agent no longer renews them, and sessions whose work no agent took in time. A lease that was renewed
 * since it was due is looked at again when it may next run out, so that renewing rewrites no index.
 */
export const makeSweepLeases = ({ due, storeOf, clock, ids }: SweepPorts) => {
  const expire = async (store: TenantStore, assignment: Assignment, now: number): Promise<void> => {
    const live = await store.findLive(assignment.sessionId);
    await store.commit([
      ...(await endAssignment({ store, ids }, assignment, { ending: 'expired', at: new Date(now).toISOString() })),
      ...(live
        ? [{ kind: 'session-live', before: live, after: stopClock(live, workedUntil(assignment, now)) } as const]
        : []),
    ]);
  };

  const look = async (tenantId: string, assignmentId: string): Promise<'expired' | 'rearmed' | 'gone'> => {
    const store = storeOf(tenantId);
    const assignment = await store.findAssignment(assignmentId);
    if (assignment === undefined || !isOpen(assignment)) return 'gone';
    const now = clock.now();
    if (!isOverdue(assignment, now)) {
      await store.commit([
        { kind: 'assignment', before: assignment, after: { ...assignment, dueAt: nextLook(assignment) } },
      ]);
      return 'rearmed';
    }
    await (assignment.agentId === undefined
      ? giveUpWork({ store, clock, ids }, assignment)
      : expire(store, assignment, now));
    return 'expired';
  };

  return async (): Promise<Sweep> => {
    const counts = { expired: 0, rearmed: 0, gone: 0 };
    const found = await due.dueLeases(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, assignmentId }) => {
      counts[await look(tenantId, assignmentId)]++;
    });
    return { expired: counts.expired, rearmed: counts.rearmed };
  };
};

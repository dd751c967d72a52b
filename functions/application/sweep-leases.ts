import { isOpen } from '#domain/assignment/assignment';
import { isLeaseOver } from '#domain/assignment/lease';
import { ConcurrentUpdate } from '#domain/errors';
import { endAssignment } from './end-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { DueWork } from './ports/due-work.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';

const MAX_PER_PASS = 200;

export interface Sweep {
  readonly expired: number;
  readonly rearmed: number;
}

/**
 * Ends assignments whose agent no longer renews them. A lease that was renewed since it was due is looked at again
 * when it may next run out, so that renewing rewrites no index.
 */
export const makeSweepLeases = ({
  due,
  storeOf,
  clock,
  ids,
}: {
  due: DueWork;
  storeOf: (tenantId: string) => TenantStore;
  clock: Clock;
  ids: Identifiers;
}) => {
  const look = async (tenantId: string, assignmentId: string): Promise<'expired' | 'rearmed' | 'gone'> => {
    const store = storeOf(tenantId);
    const assignment = await store.findAssignment(assignmentId);
    if (assignment === undefined || !isOpen(assignment)) return 'gone';
    const now = clock.now();
    if (!isLeaseOver(assignment, now)) {
      await store.commit([
        { kind: 'assignment', before: assignment, after: { ...assignment, dueAt: assignment.leaseUntil } },
      ]);
      return 'rearmed';
    }
    await store.commit(
      await endAssignment({ store, ids }, assignment, { ending: 'expired', at: new Date(now).toISOString() }),
    );
    return 'expired';
  };

  return async (): Promise<Sweep> => {
    const counts = { expired: 0, rearmed: 0, gone: 0 };
    const failures: unknown[] = [];
    for (const { tenantId, assignmentId } of await due.dueLeases(new Date(clock.now()).toISOString(), MAX_PER_PASS)) {
      try {
        counts[await look(tenantId, assignmentId)]++;
      } catch (error) {
        // whoever moved it first was its agent; anything else must not keep the others from their look
        if (!(error instanceof ConcurrentUpdate)) failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} leases could not be looked at`);
    return { expired: counts.expired, rearmed: counts.rearmed };
  };
};

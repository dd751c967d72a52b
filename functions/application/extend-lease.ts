import { fence, withinDeadline } from '#domain/assignment/fence';
import { renew } from '#domain/assignment/lease';
import { ownAssignment } from './own-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface ExtendLeaseInput {
  readonly agentId: string;
  readonly assignmentId: string;
  readonly fencingToken: number;
  readonly leaseSeconds?: number | undefined;
}

/**
 * Renews a lease; the answer is what is stored, which a small gain leaves as it was.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, AssignmentDeadlinePassed
 */
export const makeExtendLease = ({ store, clock }: { store: TenantStore; clock: Clock }) => {
  const decide = async ({ agentId, assignmentId, fencingToken, leaseSeconds }: ExtendLeaseInput): Promise<string> => {
    const assignment = await ownAssignment(store, agentId, assignmentId);
    const now = clock.now();
    fence(assignment, fencingToken, now);
    withinDeadline(assignment, now);
    const renewed = renew(assignment, now, leaseSeconds);
    const running = assignment.state === 'claimed' ? { ...renewed, state: 'running' as const } : renewed;
    if (running !== assignment) await store.commit([{ kind: 'assignment', before: assignment, after: running }]);
    return running.leaseUntil as string;
  };
  return (input: ExtendLeaseInput): Promise<string> => retryConflict(clock, () => decide(input));
};

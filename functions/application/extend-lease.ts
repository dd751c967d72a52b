import { type Directive, directivesOf, mayAcknowledge } from '#domain/assignment/directive';
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

export interface Extended {
  readonly leaseUntil: string;
  readonly directives: readonly Directive[];
}

/**
 * Renews a lease; the answer is what is stored, which a small gain leaves as it was. The lease of called-off work is not
 * renewed: its agent is told to stop.
 * @throws NotFound, StaleFencingToken, AssignmentClosed, AssignmentDeadlinePassed
 */
export const makeExtendLease = ({ store, clock }: { store: TenantStore; clock: Clock }) => {
  const decide = async ({ agentId, assignmentId, fencingToken, leaseSeconds }: ExtendLeaseInput): Promise<Extended> => {
    const assignment = await ownAssignment(store, agentId, assignmentId);
    const now = clock.now();
    const directives = directivesOf(assignment, now);
    if (mayAcknowledge(assignment, fencingToken, now)) {
      return { leaseUntil: assignment.leaseUntil as string, directives };
    }
    fence(assignment, fencingToken, now);
    withinDeadline(assignment, now);
    const renewed = renew(assignment, now, leaseSeconds);
    const running = assignment.state === 'claimed' ? { ...renewed, state: 'running' as const } : renewed;
    if (running !== assignment) await store.commit([{ kind: 'assignment', before: assignment, after: running }]);
    return { leaseUntil: running.leaseUntil as string, directives };
  };
  return (input: ExtendLeaseInput): Promise<Extended> => retryConflict(clock, () => decide(input));
};

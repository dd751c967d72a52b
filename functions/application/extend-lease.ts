import { type Directive, directivesOf, mayAcknowledge } from '#domain/assignment/directive';
import { fence, withinDeadline } from '#domain/assignment/fence';
import { isWorthNoting, renew } from '#domain/assignment/lease';
import { hearWork, signWrites } from './follow-signs.ts';
import { makeHearAgent } from './hear-agent.ts';
import { ownAssignment } from './own-assignment.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
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
export const makeExtendLease = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const hear = makeHearAgent({ store, clock, ids });

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
    const heard = await hearWork({ store }, running, { now });
    const moved = await signWrites({ store, ids }, assignment, heard, now);
    if (heard !== assignment || moved.length > 0)
      await store.commit([{ kind: 'assignment', before: assignment, after: heard }, ...moved]);
    if (isWorthNoting(assignment, heard, now)) await hear(agentId);
    return { leaseUntil: heard.leaseUntil as string, directives };
  };
  return (input: ExtendLeaseInput): Promise<Extended> => retryConflict(clock, () => decide(input));
};

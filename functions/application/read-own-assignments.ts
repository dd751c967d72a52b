import { type Assignment, type AssignmentState, isOpen } from '#domain/assignment/assignment';
import { type Directive, directivesOf } from '#domain/assignment/directive';
import { isWorthNoting } from '#domain/assignment/lease';
import { NotFound } from '#domain/errors';
import { makeHearAgent } from './hear-agent.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { Page } from './ports/page.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** An assignment with what its agent is to do about it. */
export interface OwnAssignment {
  readonly assignment: Assignment;
  readonly directives: readonly Directive[];
}

interface Ports {
  readonly store: TenantStore;
  readonly clock: Clock;
  readonly ids: Identifiers;
}

export interface ListOwnInput {
  readonly agentId: string;
  readonly state?: AssignmentState | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** One assignment of an agent. Anybody else's is answered like an unknown one. @throws NotFound */
export const makeGetOwnAssignment = ({ store, clock, ids }: Ports) => {
  const hear = makeHearAgent({ store, clock, ids });
  return async ({ agentId, assignmentId }: { agentId: string; assignmentId: string }): Promise<OwnAssignment> => {
    const assignment = await store.getAssignment(assignmentId);
    if (assignment.agentId !== agentId) throw new NotFound('assignment');
    const now = clock.now();
    if (isWorthNoting(assignment, assignment, now)) await hear(agentId);
    return { assignment, directives: directivesOf(assignment, now) };
  };
};

/** A page of what an agent was granted. It may hold fewer than its limit and still have a next one. @throws NotFound */
export const makeListOwnAssignments = ({ store, clock, ids }: Ports) => {
  const hear = makeHearAgent({ store, clock, ids });
  return async ({ agentId, state, limit, after }: ListOwnInput): Promise<Page<OwnAssignment>> => {
    await hear(agentId);
    const open = state === undefined ? undefined : isOpen({ state });
    const { items, next } = await store.listGranted(agentId, { limit, after, open });
    const own = items.filter((one) => one.agentId === agentId && (state === undefined || one.state === state));
    const now = clock.now();
    return { items: own.map((assignment) => ({ assignment, directives: directivesOf(assignment, now) })), next };
  };
};

import { type Assignment, type AssignmentState, isOpen } from '#domain/assignment/assignment';
import { type Directive, directivesOf } from '#domain/assignment/directive';
import { NotFound } from '#domain/errors';
import type { Clock } from './ports/clock.ts';
import type { AgentStore, AssignmentStore, Page } from './ports/tenant-store.ts';

/** An assignment with what its agent is to do about it. */
export interface OwnAssignment {
  readonly assignment: Assignment;
  readonly directives: readonly Directive[];
}

interface Ports {
  readonly store: AssignmentStore & AgentStore;
  readonly clock: Clock;
}

export interface ListOwnInput {
  readonly agentId: string;
  readonly state?: AssignmentState | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** One assignment of an agent. Anybody else's is answered like an unknown one. @throws NotFound */
export const makeGetOwnAssignment =
  ({ store, clock }: Ports) =>
  async ({ agentId, assignmentId }: { agentId: string; assignmentId: string }): Promise<OwnAssignment> => {
    const assignment = await store.getAssignment(assignmentId);
    if (assignment.agentId !== agentId) throw new NotFound('assignment');
    return { assignment, directives: directivesOf(assignment, clock.now()) };
  };

/** A page of what an agent was granted. It may hold fewer than its limit and still have a next one. @throws NotFound */
export const makeListOwnAssignments =
  ({ store, clock }: Ports) =>
  async ({ agentId, state, limit, after }: ListOwnInput): Promise<Page<OwnAssignment>> => {
    await store.getAgent(agentId);
    const open = state === undefined ? undefined : isOpen({ state });
    const { items, next } = await store.listGranted(agentId, { limit, after, open });
    const own = items.filter((one) => one.agentId === agentId && (state === undefined || one.state === state));
    const now = clock.now();
    return { items: own.map((assignment) => ({ assignment, directives: directivesOf(assignment, now) })), next };
  };

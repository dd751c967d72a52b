import { type Assignment, type AssignmentState, isOpen } from '#domain/assignment/assignment';
import { isRoutedTo } from '#domain/routing/claimable';
import type { Page } from './ports/page.ts';
import type { AgentStore, AssignmentStore } from './ports/tenant-store.ts';

export interface AgentAssignmentsQuery {
  readonly agentId: string;
  readonly state?: AssignmentState | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/**
 * A page of what an agent was granted and of what is routed to it. It may hold fewer than its limit and still have a next one.
 * @throws NotFound
 */
export const makeListAgentAssignments =
  ({ store }: { store: AssignmentStore & AgentStore }) =>
  async ({ agentId, state, limit, after }: AgentAssignmentsQuery): Promise<Page<Assignment>> => {
    await store.getAgent(agentId);
    const open = state === undefined ? undefined : isOpen({ state });
    const { items, next } = await store.listGranted(agentId, { limit, after, open });
    // the index may still show what has moved on since
    const isTheirs = (one: Assignment) => one.agentId === agentId || isRoutedTo(one, agentId);
    return { items: items.filter((one) => isTheirs(one) && (state === undefined || one.state === state)), next };
  };

import type { Agent } from '#domain/agent/agent';
import { routeWork } from '#domain/agent/agent-change';
import type { Assignment } from '#domain/assignment/assignment';
import { candidateOf } from '#domain/routing/candidate';
import { excludedAgents } from '#domain/routing/claimable';
import { route } from '#domain/routing/route';
import { agentsNamed, requestOfSession } from '#domain/routing/routing-request';
import type { Session } from '#domain/session/session';
import { allAgents } from './all-agents.ts';
import { agentWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

/** Pending work with the agent it is kept for, or with the reason why nobody has it. */
export interface Routed {
  readonly assignment: Assignment;
  /** Reserve the agent's unit; they belong into the transaction that stores the assignment. */
  readonly writes: readonly Write[];
}

/** Routes pending work over the tenant's agents as they are now. */
export const routeAssignment = async (
  { store, ids }: { store: TenantStore; ids: Identifiers },
  {
    session,
    work: assignment,
    failedAgentId,
  }: {
    readonly session: Session;
    readonly work: Assignment;
    /** The agent that failed the attempt before; it is passed over while another one fits. */
    readonly failedAgentId: string | undefined;
  },
  now: number,
): Promise<Routed> => {
  const [agents, input] = await Promise.all([allAgents(store), store.findInput(session.id)]);
  const excluded = excludedAgents(assignment, now);
  const request = requestOfSession(session, agentsNamed(input?.agentConfig ?? {}, agents), excluded);
  const candidates = agents.map((agent) => candidateOf(agent, now));
  const others = failedAgentId && route({ ...request, excludeAgentIds: [...excluded, failedAgentId] }, candidates);
  const decision = others && others.selected !== undefined ? others : route(request, candidates);
  if (decision.selected === undefined)
    return { assignment: { ...assignment, waitingReason: decision.failedStage }, writes: [] };
  const chosen = agents.find(({ id }) => id === decision.selected.candidate.id) as Agent;
  return {
    assignment: { ...assignment, routedAgentId: chosen.id, routedAt: new Date(now).toISOString() },
    writes: agentWrites(routeWork(chosen), ids),
  };
};

import type { Agent } from '#domain/agent/agent';
import { routeWork } from '#domain/agent/agent-change';
import type { Assignment } from '#domain/assignment/assignment';
import { keepFor, keepForNobody } from '#domain/assignment/routed';
import { candidateOf } from '#domain/routing/candidate';
import { excludedAgents } from '#domain/routing/claimable';
import { type Decision, type NobodyFits, routePassingOver } from '#domain/routing/route';
import { agentsNamed, requestOfSession } from '#domain/routing/routing-request';
import type { Session, SessionInput } from '#domain/session/session';
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

export interface RoutableWork {
  readonly session: Session;
  readonly input: SessionInput | undefined;
  readonly work: Assignment;
  /** Agents that get the work only while no other one fits. */
  readonly passedOver: readonly string[];
}

/** Who of these agents gets the work of a session now. */
export const routeOver = (
  agents: readonly Agent[],
  { session, input, work, passedOver }: RoutableWork,
  now: number,
): Decision | NobodyFits => {
  const request = requestOfSession(session, agentsNamed(input?.agentConfig ?? {}, agents), excludedAgents(work, now));
  const candidates = agents.map((agent) => candidateOf(agent, now));
  return routePassingOver(request, candidates, passedOver);
};

/** Routes pending work over the tenant's agents as they are now. */
export const routeAssignment = async (
  { store, ids }: { store: TenantStore; ids: Identifiers },
  {
    session,
    work,
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
  const passedOver = failedAgentId === undefined ? [] : [failedAgentId];
  const decision = routeOver(agents, { session, input, work, passedOver }, now);
  if (decision.selected === undefined) return { assignment: keepForNobody(work, decision.failedStage), writes: [] };
  const chosen = agents.find(({ id }) => id === decision.selected.candidate.id) as Agent;
  const at = new Date(now).toISOString();
  return { assignment: keepFor(work, chosen.id, at), writes: agentWrites(routeWork(chosen, at), ids) };
};

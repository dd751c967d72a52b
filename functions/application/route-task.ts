import { AgentUnavailable } from '#domain/routing/agent-unavailable';
import { candidateOf } from '#domain/routing/candidate';
import { type Decision, route } from '#domain/routing/route';
import type { RoutingRequest } from '#domain/routing/routing-request';
import { allAgents } from './all-agents.ts';
import type { Clock } from './ports/clock.ts';
import type { AgentStore } from './ports/tenant-store.ts';

/**
 * Shows which agent work would be routed to now. Reserves nothing.
 * @throws AgentUnavailable
 */
export const makeRouteTask =
  ({ store, clock }: { store: Pick<AgentStore, 'listAgents'>; clock: Clock }) =>
  async (request: RoutingRequest): Promise<Decision> => {
    const now = clock.now();
    const decision = route(
      request,
      (await allAgents(store)).map((agent) => candidateOf(agent, now)),
    );
    if (decision.selected === undefined) throw new AgentUnavailable(decision);
    return decision;
  };

import { AgentUnavailable } from '#domain/routing/agent-unavailable';
import type { Score } from '#domain/routing/balanced-score';
import { candidateOf } from '#domain/routing/candidate';
import { route } from '#domain/routing/route';
import type { RoutingRequest } from '#domain/routing/routing-request';
import { allAgents } from './all-agents.ts';
import type { Clock } from './ports/clock.ts';
import type { AgentStore } from './ports/tenant-store.ts';

const agentOf = ({ candidate: { id, name, agentType, tier }, loadLevel, utilization }: Score) => ({
  id,
  name,
  agentType,
  performanceTier: tier,
  loadLevel,
  utilization,
});

const scoreOf = ({ score, components, bonuses }: Score) => ({ routingScore: score, components, bonuses });

/**
 * Shows which agent work would be routed to now, who would be next, and why. Reserves nothing.
 * @throws AgentUnavailable
 */
export const makeRouteTask =
  ({ store, clock }: { store: Pick<AgentStore, 'listAgents'>; clock: Clock }) =>
  async (request: RoutingRequest) => {
    const now = clock.now();
    const decision = route(
      request,
      (await allAgents(store)).map((agent) => candidateOf(agent, now)),
    );
    if (decision.selected === undefined) throw new AgentUnavailable(decision);
    return {
      selectedAgent: agentOf(decision.selected),
      ...scoreOf(decision.selected),
      alternatives: decision.alternatives.map((one) => ({ agent: agentOf(one), ...scoreOf(one) })),
      routingReason: decision.reason,
      stages: decision.stages,
      evaluatedAt: new Date(now).toISOString(),
    };
  };

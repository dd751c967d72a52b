import { isoNow } from '#application/ports/clock';
import { makeRouteTask } from '#application/route-task';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import type { Score } from '#domain/routing/balanced-score';
import { route } from '#runtime/http/route-handler';

const agentOf = ({ candidate: { id, name, agentType, tier }, loadLevel, utilization }: Score) => ({
  id,
  name,
  agentType,
  performanceTier: tier,
  loadLevel,
  utilization,
});

const scoreOf = ({ score, components, bonuses }: Score) => ({ routingScore: score, components, bonuses });

/** POST /agents/route */
export const routeTask = route(agentDirectoryRoutes.routeTask, async ({ body, tenantId }, { storeOf, clock }) => {
  const { strategy, technologies, ...request } = fromWire(body);
  const { selected, alternatives, reason, stages } = await makeRouteTask({ store: storeOf(tenantId), clock })({
    ...request,
    technologies: technologies.map((name) => name.toLowerCase()),
  });
  return {
    body: toWire({
      selectedAgent: agentOf(selected),
      strategy,
      ...scoreOf(selected),
      alternatives: alternatives.map((one) => ({ agent: agentOf(one), ...scoreOf(one) })),
      routingReason: reason,
      stages,
      evaluatedAt: isoNow(clock),
    }),
  };
});

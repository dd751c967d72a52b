import { makeRouteTask } from '#application/route-task';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /agents/route */
export const routeTask = route(agentDirectoryRoutes.routeTask, async ({ body, tenantId }, { storeOf, clock }) => {
  const { strategy, technologies, ...request } = fromWire(body);
  const decide = makeRouteTask({ store: storeOf(tenantId), clock });
  const decision = await decide({ ...request, technologies: technologies.map((name) => name.toLowerCase()) });
  return { body: toWire({ ...decision, strategy }) };
});

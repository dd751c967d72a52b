import { makeAgentStats } from '#application/agent-stats';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/stats */
export const getAgentStats = route(agentDirectoryRoutes.getAgentStats, async ({ tenantId }, { storeOf, clock }) => ({
  body: toWire(await makeAgentStats({ store: storeOf(tenantId), clock })()),
}));

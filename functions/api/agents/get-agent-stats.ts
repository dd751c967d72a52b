import { makeAgentStats } from '#application/agent-stats';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/stats */
export const getAgentStats = route(routes.getAgentStats, async ({ tenantId }, { storeOf, clock }) => ({
  body: toWire(await makeAgentStats({ store: storeOf(tenantId), clock })()),
}));

import { viewAgent } from '#application/agent-view';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/{agent_id} */
export const getAgent = route(agentDirectoryRoutes.getAgent, async ({ params, tenantId }, { storeOf, clock }) => ({
  body: toWire(viewAgent(await storeOf(tenantId).getAgent(params.agent_id), clock.now())),
}));

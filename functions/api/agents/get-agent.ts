import { viewAgent } from '#application/agent-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/{agent_id} */
export const getAgent = route(routes.getAgent, async ({ params, tenantId }, { storeOf, clock }) => ({
  body: toWire(viewAgent(await storeOf(tenantId).getAgent(params.agent_id), clock.now())),
}));

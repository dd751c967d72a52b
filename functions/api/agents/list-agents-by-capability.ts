import { makeListAgentsByCapability } from '#application/list-agents';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /agents/by-capability/{capability} */
export const listAgentsByCapability = route(
  agentDirectoryRoutes.listAgentsByCapability,
  async ({ params, query, tenantId }, { storeOf, clock }) => {
    const list = makeListAgentsByCapability({ store: storeOf(tenantId), clock });
    const agents = await list(params.capability, { availableOnly: query.available_only });
    return { body: { items: agents.map(toWire) } };
  },
);

import { makeListAgents } from '#application/list-agents';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /agents */
export const listAgents = route(
  agentDirectoryRoutes.listAgents,
  async ({ query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, ...filters } = query;
    const scope = { tenantId, operationId: agentDirectoryRoutes.listAgents.operationId, filters, now: clock.now() };
    const list = makeListAgents({ store: storeOf(tenantId), clock });
    const page = await list(fromWire(filters), { limit, after: readCursor(digest, scope, cursor, 'id') });
    return { body: { items: page.items.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

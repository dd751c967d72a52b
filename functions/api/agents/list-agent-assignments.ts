import { makeListAgentAssignments } from '#application/list-agent-assignments';
import { agentDirectoryRoutes } from '#contracts/agent-directory-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

const definition = agentDirectoryRoutes.listAgentAssignments;

/** GET /agents/{agent_id}/assignments */
export const listAgentAssignments = route(
  definition,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, state } = query;
    const filters = { ...params, state };
    const scope = { tenantId, operationId: definition.operationId, filters, now: clock.now() };
    const list = makeListAgentAssignments({ store: storeOf(tenantId) });
    const page = await list({
      agentId: params.agent_id,
      state,
      limit,
      after: readCursor(digest, scope, cursor, 'granted'),
    });
    const items = page.items.map(({ id, leaseUntil, requiredCapabilities, ...assignment }) =>
      toWire({ ...assignment, assignmentId: id, leaseExpiresAt: leaseUntil, requirements: requiredCapabilities }),
    );
    return { body: { items, next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { makeListOwnAssignments } from '#application/read-own-assignments';
import { agentRoutes } from '#contracts/agent-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';
import { presentOwnAssignment } from './own-assignment-view.ts';

/** GET /agents/external/{agent_id}/assignments */
export const eapListAssignments = route(
  agentRoutes.eapListAssignments,
  async ({ params, query, tenantId }, { storeOf, clock, ids, digest }) => {
    const { limit, cursor, state } = query;
    const { operationId } = agentRoutes.eapListAssignments;
    const scope = { tenantId, operationId, filters: { ...params, state }, now: clock.now() };
    const after = readCursor(digest, scope, cursor, 'granted');
    const list = makeListOwnAssignments({ store: storeOf(tenantId), clock, ids });
    const { items, next } = await list({ agentId: params.agent_id, state, limit, after });
    return { body: { items: items.map(presentOwnAssignment), next_cursor: makeCursor(digest, scope, next) } };
  },
);

import { makeListAttempts } from '#application/list-attempts';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/attempts */
export const listSessionAttempts = route(
  sessionRoutes.listSessionAttempts,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const now = clock.now();
    const { operationId } = sessionRoutes.listSessionAttempts;
    const scope = { tenantId, operationId, filters: { ...params }, now };
    const position = readCursor(digest, scope, query.cursor, 'number');
    const before = position === undefined ? undefined : Number(position);
    const list = makeListAttempts({ store: storeOf(tenantId) });
    const page = await list({ sessionId: params.session_id, limit: query.limit, before, now });
    return { body: { items: page.items.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { makeReadLogs } from '#application/read-logs';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/logs */
export const listSessionLogs = route(
  sessionRoutes.listSessionLogs,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, after, ...filters } = query;
    const bound = { ...params, ...filters };
    const scope = {
      tenantId,
      operationId: sessionRoutes.listSessionLogs.operationId,
      filters: bound,
      now: clock.now(),
    };
    const afterLogSeq = Number(readCursor(digest, scope, cursor, 'number') ?? after);
    const read = makeReadLogs({ store: storeOf(tenantId) });
    const page = await read({ sessionId: params.session_id, ...filters, afterLogSeq, limit });
    return { body: { items: page.items.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

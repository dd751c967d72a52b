import { viewSessionItem } from '#application/session-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions */
export const listSessions = route(routes.listSessions, async ({ query, tenantId }, { storeOf, clock, digest }) => {
  const { limit, cursor, status } = query;
  const now = clock.now();
  const scope = { tenantId, operationId: routes.listSessions.operationId, filters: { status }, now };
  const page = await storeOf(tenantId).listSessions({ limit, after: readCursor(digest, scope, cursor) });
  const matching = page.items.filter(
    ({ session: { deletedAt, status: current } }) =>
      deletedAt === undefined && (status === undefined || status.includes(current)),
  );
  return {
    body: {
      items: matching.map((state) => toWire(viewSessionItem(state, now))),
      next_cursor: makeCursor(digest, scope, page.next),
    },
  };
});

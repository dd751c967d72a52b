import { makeListSessions } from '#application/list-sessions';
import { makeReadQueue, showQueue } from '#application/queue-view';
import { viewSessionItem } from '#application/session-view';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { checkMaySeeDeleted } from '#runtime/http/caller';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions */
export const listSessions = route(
  sessionRoutes.listSessions,
  async ({ query, principal, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, ...filters } = query;
    if (filters.include_deleted) checkMaySeeDeleted(sessionRoutes.listSessions, principal);
    const now = clock.now();
    const scope = { tenantId, operationId: sessionRoutes.listSessions.operationId, filters, now };
    const filter = {
      statuses: filters.status,
      sessionTypes: filters.session_type,
      priorities: filters.priority,
      createdBy: filters.created_by,
      parentIds: filters.parent_id,
      tags: filters.tags,
      search: filters.search,
      createdFrom: filters.created_from,
      createdTo: filters.created_to,
      includeDeleted: filters.include_deleted,
    };
    const store = storeOf(tenantId);
    const list = makeListSessions({ store });
    const page = await list({ filter, limit, after: readCursor(digest, scope, cursor, 'id') });
    const places = await makeReadQueue({ store })(
      page.items.map(({ session }) => session),
      now,
    );
    return {
      body: {
        items: page.items.map((state) => toWire(showQueue(viewSessionItem(state, now), places))),
        next_cursor: makeCursor(digest, scope, page.next),
      },
    };
  },
);

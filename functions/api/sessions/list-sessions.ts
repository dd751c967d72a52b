import { makeListSessions } from '#application/list-sessions';
import { viewSessionItem } from '#application/session-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { checkMaySeeDeleted } from '#runtime/http/caller';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions */
export const listSessions = route(
  routes.listSessions,
  async ({ query, principal, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, ...filters } = query;
    if (filters.include_deleted) checkMaySeeDeleted(routes.listSessions, principal);
    const now = clock.now();
    const scope = { tenantId, operationId: routes.listSessions.operationId, filters, now };
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
    const list = makeListSessions({ store: storeOf(tenantId) });
    const page = await list({ filter, limit, after: readCursor(digest, scope, cursor) });
    return {
      body: {
        items: page.items.map((state) => toWire(viewSessionItem(state, now))),
        next_cursor: makeCursor(digest, scope, page.next),
      },
    };
  },
);

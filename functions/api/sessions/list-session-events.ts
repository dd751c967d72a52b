import type { StoredEvent } from '#application/ports/page';
import { sessionRoutes } from '#contracts/session-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

const present = ({ type, payload, timestamp, seq, stream, eventId }: StoredEvent, tenantId: string) => ({
  type,
  payload,
  timestamp,
  seq,
  stream,
  room: stream,
  tenant_id: tenantId,
  event_id: eventId,
});

/** GET /sessions/{session_id}/events */
export const listSessionEvents = route(
  sessionRoutes.listSessionEvents,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const store = storeOf(tenantId);
    const session = await store.getSession(params.session_id);
    const scope = {
      tenantId,
      operationId: sessionRoutes.listSessionEvents.operationId,
      filters: { ...params },
      now: clock.now(),
    };
    const afterSeq = Number(readCursor(digest, scope, query.cursor, 'number') ?? query.after_seq);
    const page = await store.listEvents(session.id, { afterSeq, limit: query.limit });
    return {
      body: {
        items: page.items.map((event) => present(event, tenantId)),
        next_cursor: makeCursor(digest, scope, page.next),
      },
    };
  },
);

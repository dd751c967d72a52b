import { makeReadQueue, showQueue } from '#application/queue-view';
import { viewSession } from '#application/session-view';
import { makeUpdateSession } from '#application/update-session';
import { sessionRoutes } from '#contracts/session-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** PATCH /sessions/{session_id} */
export const updateSession = route(
  sessionRoutes.updateSession,
  async ({ params, body, tenantId, ifVersion }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const update = makeUpdateSession({ store, clock, ids });
    const state = await update({ sessionId: params.session_id, patch: fromWire(body), ifVersion });
    const now = clock.now();
    const places = await makeReadQueue({ store })([state.session], now);
    return { body: toWire(showQueue(viewSession(state, now), places)) };
  },
);

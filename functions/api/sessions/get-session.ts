import { readSession, viewSession } from '#application/session-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id} */
export const getSession = route(routes.getSession, async ({ params, tenantId }, { storeOf, clock }) => ({
  body: toWire(viewSession(await readSession(storeOf(tenantId), params.session_id), clock.now())),
}));

import { makeDeleteSession } from '#application/delete-session';
import { sessionRoutes } from '#contracts/session-routes';
import { route } from '#runtime/http/route-handler';

/** DELETE /sessions/{session_id} */
export const deleteSession = route(
  sessionRoutes.deleteSession,
  async ({ params, tenantId, ifVersion }, { storeOf, clock, ids }) => {
    await makeDeleteSession({ store: storeOf(tenantId), clock, ids })({ sessionId: params.session_id, ifVersion });
    return { body: null };
  },
);

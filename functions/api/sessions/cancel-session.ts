import { makeCancelSession } from '#application/cancel-session';
import { readSession, type SessionState, viewSession } from '#application/session-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /sessions/{session_id}/cancel */
export const cancelSession = route(
  routes.cancelSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const state = await readSession(store, params.session_id);
    const answer = (session: SessionState['session']) => ({
      body: toWire(viewSession({ ...state, session }, clock.now())),
    });
    const cancel = makeCancelSession({ store, clock, ids });
    const input = { sessionId: params.session_id, reason: body.reason, actor, ifVersion };
    return answer(await cancel({ ...input, remember: remember(answer) }));
  },
);

import { readSession, type SessionState, viewSession } from '#application/session-view';
import { makeStartSession } from '#application/start-session';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /sessions/{session_id}/start */
export const startSession = route(
  routes.startSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const state = await readSession(store, params.session_id);
    const answer = (session: SessionState['session']) => ({
      body: toWire(viewSession({ ...state, session }, clock.now())),
    });
    const start = makeStartSession({ store, clock, ids });
    const input = { sessionId: params.session_id, onQuota: body.on_quota, actor, ifVersion };
    return answer(await start({ ...input, remember: remember(answer) }));
  },
);

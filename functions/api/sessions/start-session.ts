import { makeStartSession } from '#application/start-session';
import { sessionRoutes } from '#contracts/session-routes';
import { route } from '#runtime/http/route-handler';
import { sessionAnswer } from './session-answer.ts';

/** POST /sessions/{session_id}/start */
export const startSession = route(
  sessionRoutes.startSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const answer = await sessionAnswer(store, params.session_id, clock.now);
    const start = makeStartSession({ store, clock, ids });
    const input = { sessionId: params.session_id, onQuota: body.on_quota, actor, ifVersion };
    return answer(await start({ ...input, remember: remember(answer) }));
  },
);

import { makeCancelSession } from '#application/cancel-session';
import { sessionRoutes } from '#contracts/session-routes';
import { route } from '#runtime/http/route-handler';
import { sessionAnswer } from './session-answer.ts';

/** POST /sessions/{session_id}/cancel */
export const cancelSession = route(
  sessionRoutes.cancelSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const answer = await sessionAnswer(store, params.session_id, clock.now);
    const cancel = makeCancelSession({ store, clock, ids });
    const input = { sessionId: params.session_id, reason: body.reason, actor, ifVersion };
    return answer(await cancel({ ...input, remember: remember(answer) }));
  },
);

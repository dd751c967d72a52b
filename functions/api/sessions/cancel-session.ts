import { makeCancelSession } from '#application/cancel-session';
import { routes } from '#contracts/routes';
import { NotFound } from '#domain/errors';
import { stopClock } from '#domain/session/live';
import type { Session } from '#domain/session/session';
import { route } from '#runtime/http/route-handler';
import { presentSession } from './session-view.ts';

/** POST /sessions/{session_id}/cancel */
export const cancelSession = route(
  routes.cancelSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const [input, live] = await Promise.all([store.findInput(params.session_id), store.findLive(params.session_id)]);
    if (input === undefined) throw new NotFound('session');
    const now = clock.now();
    const answer = (session: Session) => ({ body: presentSession(session, input, live && stopClock(live, now), now) });
    const cancel = makeCancelSession({ store, clock, ids });
    return answer(
      await cancel({ sessionId: params.session_id, reason: body.reason, actor, ifVersion, remember: remember(answer) }),
    );
  },
);

import { makeStartSession } from '#application/start-session';
import { routes } from '#contracts/routes';
import { NotFound } from '#domain/errors';
import type { Session } from '#domain/session/session';
import { route } from '#runtime/http/route-handler';
import { presentSession } from './session-view.ts';

/** POST /sessions/{session_id}/start */
export const startSession = route(
  routes.startSession,
  async ({ params, body, actor, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const store = storeOf(tenantId);
    const input = await store.findInput(params.session_id);
    if (input === undefined) throw new NotFound('session');
    const answer = (session: Session) => ({ body: presentSession(session, input, undefined, clock.now()) });
    const start = makeStartSession({ store, clock, ids });
    return answer(
      await start({
        sessionId: params.session_id,
        onQuota: body.on_quota,
        actor,
        ifVersion,
        remember: remember(answer),
      }),
    );
  },
);

import { makeRetrySession } from '#application/retry-session';
import { retried } from '#application/session-view';
import { sessionRoutes } from '#contracts/session-routes';
import { fromWire } from '#contracts/wire-case';
import { isLead } from '#runtime/http/caller';
import { Refusal } from '#runtime/http/refusal';
import { route } from '#runtime/http/route-handler';
import { sessionAnswer } from './session-answer.ts';

/** POST /sessions/{session_id}/retry */
export const retrySession = route(
  sessionRoutes.retrySession,
  async ({ params, body, actor, principal, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    if (body.force && !isLead(principal)) {
      throw new Refusal('FORBIDDEN', 'only a lead may force another attempt', { extras: { required_role: 'lead' } });
    }
    const store = storeOf(tenantId);
    const answer = await sessionAnswer(store, params.session_id, clock.now, retried);
    const retry = makeRetrySession({ store, clock, ids });
    const input = { sessionId: params.session_id, ...fromWire(body), actor, ifVersion };
    return answer(await retry({ ...input, remember: remember(answer) }));
  },
);

import { makeReadDiff } from '#application/read-diff';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/diff */
export const getSessionDiff = route(
  sessionRoutes.getSessionDiff,
  async ({ params, query, tenantId, wantsAlternative }, { storeOf }) => {
    const read = makeReadDiff({ store: storeOf(tenantId) });
    const diff = await read({ sessionId: params.session_id, attempt: query.attempt });
    const body = toWire(diff);
    return wantsAlternative
      ? { body, text: { mediaType: 'text/x-diff; charset=utf-8', content: diff.diff ?? '' } }
      : { body };
  },
);

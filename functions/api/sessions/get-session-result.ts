import { makeReadResult } from '#application/read-result';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/result */
export const getSessionResult = route(
  sessionRoutes.getSessionResult,
  async ({ params, query, tenantId }, { storeOf }) => {
    const read = makeReadResult({ store: storeOf(tenantId) });
    return { body: toWire(await read({ sessionId: params.session_id, attempt: query.attempt })) };
  },
);

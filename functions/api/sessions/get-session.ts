import { readSession, viewSession } from '#application/session-view';
import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { checkMaySeeDeleted } from '#runtime/http/caller';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id} */
export const getSession = route(
  routes.getSession,
  async ({ params, query, principal, tenantId }, { storeOf, clock }) => {
    const { include_deleted: includeDeleted, include_metrics: includeMetrics } = query;
    if (includeDeleted) checkMaySeeDeleted(routes.getSession, principal);
    const state = await readSession(storeOf(tenantId), params.session_id, { includeDeleted });
    const { metrics, ...session } = viewSession(state, clock.now());
    return { body: toWire(includeMetrics ? { ...session, metrics } : session) };
  },
);

import { makeReadQueue, showQueue } from '#application/queue-view';
import { readSession, viewSession } from '#application/session-view';
import { sessionRoutes } from '#contracts/session-routes';
import { toWire } from '#contracts/wire-case';
import { checkMaySeeDeleted } from '#runtime/http/caller';
import { route } from '#runtime/http/route-handler';
import { presentCheckpoint } from './checkpoint-view.ts';

const SHOWN_CHECKPOINTS = 20;

/** GET /sessions/{session_id} */
export const getSession = route(
  sessionRoutes.getSession,
  async ({ params, query, principal, tenantId }, { storeOf, clock }) => {
    const { include_deleted: includeDeleted, include_metrics: includeMetrics } = query;
    if (includeDeleted) checkMaySeeDeleted(sessionRoutes.getSession, principal);
    const store = storeOf(tenantId);
    const now = clock.now();
    const state = await readSession(store, params.session_id, { includeDeleted });
    const places = await makeReadQueue({ store })([state.session], now);
    const { metrics, ...session } = showQueue(viewSession(state, now), places);
    const view = toWire(includeMetrics ? { ...session, metrics } : session) as object;
    if (!query.include_checkpoints) return { body: view };
    const { items } = await store.listCheckpoints(params.session_id, { limit: SHOWN_CHECKPOINTS, withData: false });
    return { body: { ...view, checkpoints: items.map(presentCheckpoint) } };
  },
);

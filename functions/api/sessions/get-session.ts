import { routes } from '#contracts/routes';
import { route } from '#runtime/http/route-handler';
import { viewSession } from './session-view.ts';

/** GET /sessions/{session_id} */
export const getSession = route(routes.getSession, async ({ params, tenantId }, { storeOf, clock }) => {
  const store = storeOf(tenantId);
  return { body: await viewSession(store, await store.getSession(params.session_id), clock.now()) };
});

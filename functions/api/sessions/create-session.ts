import { makeCreateSession } from '#application/create-session';
import { type SessionState, viewSession } from '#application/session-view';
import { sessionRoutes } from '#contracts/session-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /sessions */
export const createSession = route(
  sessionRoutes.createSession,
  async ({ body, actor, tenantId, remember }, { storeOf, clock, ids }) => {
    const { prompt, agentConfig, metadata, workspace, cpuLimit, memoryLimitMb, ...rest } = fromWire(body);
    const { parentId, start, onQuota, ...fields } = rest;
    const input = { prompt, agentConfig, metadata, workspace, cpuLimit, memoryLimitMb };
    const answer = (session: SessionState['session']) => ({
      body: toWire(viewSession({ session, input, live: undefined }, clock.now())),
      headers: { location: `/api/v1/sessions/${session.id}` },
    });
    const create = makeCreateSession({ store: storeOf(tenantId), clock, ids });
    return answer(await create({ fields, input, parentId, start, onQuota, actor, remember: remember(answer) }));
  },
);

import { makeCreateSession } from '#application/create-session';
import { routes } from '#contracts/routes';
import { fromWire } from '#contracts/wire-case';
import type { Session } from '#domain/session/session';
import { route } from '#runtime/http/route-handler';
import { presentSession } from './session-view.ts';

/** POST /sessions */
export const createSession = route(
  routes.createSession,
  async ({ body, actor, tenantId, remember }, { storeOf, clock, ids }) => {
    const { prompt, agentConfig, metadata, workspace, cpuLimit, memoryLimitMb, parentId, start, onQuota, ...fields } =
      fromWire(body);
    const input = { prompt, agentConfig, metadata, workspace, cpuLimit, memoryLimitMb };
    const answer = (session: Session) => ({
      body: presentSession(session, input, undefined, clock.now()),
      headers: { location: `/api/v1/sessions/${session.id}` },
    });
    const create = makeCreateSession({ store: storeOf(tenantId), clock, ids });
    return answer(await create({ fields, input, parentId, start, onQuota, actor, remember: remember(answer) }));
  },
);

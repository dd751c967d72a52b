import { makeListArtifacts } from '#application/list-artifacts';
import { artifactRoutes } from '#contracts/artifact-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /sessions/{session_id}/artifacts */
export const listSessionArtifacts = route(
  artifactRoutes.listSessionArtifacts,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, attempt } = query;
    const { operationId } = artifactRoutes.listSessionArtifacts;
    const scope = { tenantId, operationId, filters: { ...params, attempt }, now: clock.now() };
    const list = makeListArtifacts({ store: storeOf(tenantId) });
    const after = readCursor(digest, scope, cursor, 'id');
    const page = await list({ sessionId: params.session_id, attempt, after, limit });
    return { body: { items: page.items.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

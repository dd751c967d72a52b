import { makeListCheckpoints } from '#application/list-checkpoints';
import { checkpointRoutes } from '#contracts/checkpoint-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';
import { presentCheckpoint } from './checkpoint-view.ts';

/** GET /sessions/{session_id}/checkpoints */
export const listSessionCheckpoints = route(
  checkpointRoutes.listSessionCheckpoints,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, include_data: withData } = query;
    const { operationId } = checkpointRoutes.listSessionCheckpoints;
    const scope = { tenantId, operationId, filters: { ...params, withData }, now: clock.now() };
    const before = readCursor(digest, scope, cursor, 'number');
    const list = makeListCheckpoints({ store: storeOf(tenantId) });
    const page = await list({
      sessionId: params.session_id,
      limit,
      beforeSequence: before === undefined ? undefined : Number(before),
      withData,
    });
    return { body: { items: page.items.map(presentCheckpoint), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models/{model_name}/history */
export const listModelHistory = route(
  modelRoutes.listModelHistory,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { operationId } = modelRoutes.listModelHistory;
    const scope = { tenantId, operationId, filters: { ...params }, now: clock.now() };
    const position = readCursor(digest, scope, query.cursor, 'number');
    const before = position === undefined ? undefined : Number(position);
    const store = storeOf(tenantId);
    const { name } = await store.getModel(params.model_name);
    const page = await store.listAliasMoves(name, { limit: query.limit, before });
    return { body: { items: page.items.map(toWire), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { makeListModelVersions } from '#application/list-model-versions';
import { viewVersions } from '#application/model-view';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models/{model_name}/versions */
export const listModelVersions = route(
  modelRoutes.listModelVersions,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const { operationId } = modelRoutes.listModelVersions;
    const scope = { tenantId, operationId, filters: { ...params, status: query.status }, now: clock.now() };
    const after = readCursor(digest, scope, query.cursor, 'version');
    const store = storeOf(tenantId);
    const model = await store.getModel(params.model_name);
    const list = makeListModelVersions({ store });
    const page = await list(model, { statuses: query.status }, { limit: query.limit, after });
    const items = (await viewVersions(store, model, page.items)).map(toWire);
    return { body: { items, next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

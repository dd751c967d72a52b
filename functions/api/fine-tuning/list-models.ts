import { viewModel } from '#application/model-view';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models */
export const listModels = route(modelRoutes.listModels, async ({ query, tenantId }, { storeOf, clock, digest }) => {
  const { limit, cursor } = query;
  const scope = { tenantId, operationId: modelRoutes.listModels.operationId, filters: {}, now: clock.now() };
  const page = await storeOf(tenantId).listModels({ limit, after: readCursor(digest, scope, cursor, 'name') });
  const items = page.items.map((model) => toWire(viewModel(model)));
  return { body: { items, next_cursor: makeCursor(digest, scope, page.next) } };
});

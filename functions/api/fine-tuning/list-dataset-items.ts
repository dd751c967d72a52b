import { makeListDatasetItems } from '#application/list-dataset-items';
import { datasetRoutes } from '#contracts/dataset-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';
import type { PortsWithDatasetFiles } from '#runtime/ports-with-dataset-files';

/** GET /fine-tuning/datasets/{dataset_id}/items */
export const listDatasetItems = route(
  datasetRoutes.listDatasetItems,
  async ({ params, query, tenantId }, { storeOf, datasetFilesOf, clock, digest }: PortsWithDatasetFiles) => {
    const { limit, cursor, part } = query;
    const filters = { ...params, part };
    const scope = { tenantId, operationId: datasetRoutes.listDatasetItems.operationId, filters, now: clock.now() };
    const position = readCursor(digest, scope, cursor, 'number');
    const list = makeListDatasetItems({ store: storeOf(tenantId), files: datasetFilesOf(tenantId) });
    const from = position === undefined ? undefined : Number(position);
    const page = await list({ datasetId: params.dataset_id, part }, { limit, from });
    return { body: { items: page.items, next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

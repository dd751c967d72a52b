import { makeListDatasets } from '#application/list-datasets';
import { datasetRoutes } from '#contracts/dataset-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';
import { presentDataset } from './dataset-view.ts';

/** GET /fine-tuning/datasets */
export const listDatasets = route(
  datasetRoutes.listDatasets,
  async ({ query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, ...filters } = query;
    const scope = { tenantId, operationId: datasetRoutes.listDatasets.operationId, filters, now: clock.now() };
    const list = makeListDatasets({ store: storeOf(tenantId) });
    const page = await list({ statuses: filters.status }, { limit, after: readCursor(digest, scope, cursor, 'id') });
    return { body: { items: page.items.map(presentDataset), next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { makeDeleteDataset } from '#application/delete-dataset';
import { datasetRoutes } from '#contracts/dataset-routes';
import { route } from '#runtime/http/route-handler';
import type { PortsWithDatasetFiles } from '#runtime/ports-with-dataset-files';

/** DELETE /fine-tuning/datasets/{dataset_id} */
export const deleteDataset = route(
  datasetRoutes.deleteDataset,
  async ({ params, tenantId, ifVersion }, { storeOf, datasetFilesOf, clock, ids }: PortsWithDatasetFiles) => {
    const ports = { store: storeOf(tenantId), files: datasetFilesOf(tenantId), clock, ids };
    await makeDeleteDataset(ports)({ datasetId: params.dataset_id, ifVersion });
    return { body: null };
  },
);

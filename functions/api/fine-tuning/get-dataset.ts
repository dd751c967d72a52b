import { makeDatasetDownloads } from '#application/dataset-downloads';
import { datasetRoutes } from '#contracts/dataset-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import type { PortsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import { presentDataset } from './dataset-view.ts';

/** GET /fine-tuning/datasets/{dataset_id} */
export const getDataset = route(
  datasetRoutes.getDataset,
  async ({ params, tenantId }, { storeOf, datasetFilesOf, clock }: PortsWithDatasetFiles) => {
    const dataset = await storeOf(tenantId).getDataset(params.dataset_id);
    const downloads = await makeDatasetDownloads({ files: datasetFilesOf(tenantId), clock })(dataset);
    return { body: { ...presentDataset(dataset), ...(downloads ? { downloads: toWire(downloads) } : {}) } };
  },
);

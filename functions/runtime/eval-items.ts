import { type EvalItem, makeReadEvalItems } from '#application/eval-items';
import { portsWithDatasetFiles } from './ports-with-dataset-files.ts';

/** Reads the eval parts of a tenant's datasets, in a deployed function, with credentials that reach no other tenant's. */
export const evalItemsOf = (tenantId: string): ((datasetId: string) => Promise<readonly EvalItem[]>) => {
  const { storeOf, datasetFilesOf } = portsWithDatasetFiles();
  return makeReadEvalItems({ store: storeOf(tenantId), files: datasetFilesOf(tenantId) });
};

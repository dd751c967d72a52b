import { makeFailDataset } from '#application/fail-dataset';
import { EndedCuration } from '#contracts/curation-workflow';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';

/** An execution ended red: unless its dataset has ended with it, nobody builds it any more. */
export const handler = async (event: unknown): Promise<void> => {
  const { status, input } = EndedCuration.parse(event).detail;
  const { storeOf, datasetFilesOf, ...ports } = portsWithDatasetFiles();
  const { tenant_id, dataset_id } = input;
  const fail = makeFailDataset({ ...ports, store: storeOf(tenant_id), files: datasetFilesOf(tenant_id) });
  await fail({ datasetId: dataset_id, failure: `its execution is ${status}` });
};

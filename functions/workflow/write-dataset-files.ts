import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import { type BuildAnswer, CurationInput } from '#contracts/curation-workflow';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import { buildAnswer } from './build-answer.ts';

/** Write Files */
export const handler = async (event: unknown): Promise<BuildAnswer> => {
  const { tenant_id, dataset_id, run } = CurationInput.parse(event);
  const { storeOf, datasetFilesOf, ...ports } = portsWithDatasetFiles();
  const write = makeWriteDatasetFiles({ ...ports, store: storeOf(tenant_id), files: datasetFilesOf(tenant_id) });
  return buildAnswer(await write({ datasetId: dataset_id, run }));
};

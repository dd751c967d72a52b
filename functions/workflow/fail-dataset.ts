import { makeFailDataset } from '#application/fail-dataset';
import { type BuildAnswer, CurationFailureInput } from '#contracts/curation-workflow';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import { buildAnswer } from './build-answer.ts';

/** Record Failure */
export const handler = async (event: unknown): Promise<BuildAnswer> => {
  const { tenant_id, dataset_id, run, failure } = CurationFailureInput.parse(event);
  const { storeOf, datasetFilesOf, ...ports } = portsWithDatasetFiles();
  const fail = makeFailDataset({ ...ports, store: storeOf(tenant_id), files: datasetFilesOf(tenant_id) });
  return buildAnswer(await fail({ datasetId: dataset_id, run, failure }));
};

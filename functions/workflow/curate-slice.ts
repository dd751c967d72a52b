import { makeCurateSlice } from '#application/curate-slice';
import { CurationInput, type SliceAnswer } from '#contracts/curation-workflow';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';

/** Curate Slice */
export const handler = async (event: unknown): Promise<SliceAnswer> => {
  const { tenant_id, dataset_id, run } = CurationInput.parse(event);
  const { storeOf, datasetFilesOf, textObjectsOf, ...ports } = portsWithDatasetFiles();
  const curate = makeCurateSlice({
    ...ports,
    store: storeOf(tenant_id),
    files: datasetFilesOf(tenant_id),
    objects: textObjectsOf(tenant_id),
  });
  return { slice: await curate({ datasetId: dataset_id, run }) };
};

import { CurationStepName } from '#contracts/curation-workflow';
import { handler as curateSlice } from './curate-slice.ts';
import { handler as endCuration } from './end-curation.ts';
import { handler as failDataset } from './fail-dataset.ts';
import { handler as writeDatasetFiles } from './write-dataset-files.ts';

const steps: Readonly<Record<CurationStepName['step'], (event: unknown) => Promise<unknown>>> = {
  'curate-slice': curateSlice,
  'write-dataset-files': writeDatasetFiles,
  'fail-dataset': failDataset,
  'end-curation': endCuration,
};

/** Every step of the build of a dataset: seldom called, they share one function and its alarms. */
export const handler = async (event: unknown): Promise<unknown> => steps[CurationStepName.parse(event).step](event);

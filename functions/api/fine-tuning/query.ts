import { httpHandler } from '#runtime/http/http-handler';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import { getDataset } from './get-dataset.ts';
import { getModel } from './get-model.ts';
import { getModelVersion } from './get-model-version.ts';
import { listDatasetItems } from './list-dataset-items.ts';
import { listDatasets } from './list-datasets.ts';
import { listModelHistory } from './list-model-history.ts';
import { listModelTrials } from './list-model-trials.ts';
import { listModelVersions } from './list-model-versions.ts';
import { listModels } from './list-models.ts';
import { trainingQueries } from './training-queries.ts';

/** What only looks at datasets, training jobs and models. */
export const fineTuningQueries = [
  listDatasets,
  getDataset,
  listDatasetItems,
  ...trainingQueries,
  listModels,
  getModel,
  listModelVersions,
  getModelVersion,
  listModelHistory,
  listModelTrials,
];

export const handler = httpHandler(fineTuningQueries, portsWithDatasetFiles);

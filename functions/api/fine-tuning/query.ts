import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { getModel } from './get-model.ts';
import { getModelVersion } from './get-model-version.ts';
import { listModelHistory } from './list-model-history.ts';
import { listModelVersions } from './list-model-versions.ts';
import { listModels } from './list-models.ts';
import { trainingQueries } from './training-routes.ts';

/** What only looks at datasets, training jobs and models. */
export const fineTuningQueries = [
  ...trainingQueries,
  listModels,
  getModel,
  listModelVersions,
  getModelVersion,
  listModelHistory,
];

export const handler = httpHandler(fineTuningQueries, ports);

import { httpHandler } from '#runtime/http/http-handler';
import { portsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import { archiveModelVersion } from './archive-model-version.ts';
import { createDataset } from './create-dataset.ts';
import { deleteDataset } from './delete-dataset.ts';
import { promoteModel } from './promote-model.ts';
import { rollbackModel } from './rollback-model.ts';
import { trainingCommands } from './training-commands.ts';
import { updateModel } from './update-model.ts';

/** What changes datasets, training jobs and models. */
export const fineTuningCommands = [
  createDataset,
  deleteDataset,
  ...trainingCommands,
  updateModel,
  archiveModelVersion,
  promoteModel,
  rollbackModel,
];

export const handler = httpHandler(fineTuningCommands, portsWithDatasetFiles);

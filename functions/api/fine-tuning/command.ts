import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { archiveModelVersion } from './archive-model-version.ts';
import { promoteModel } from './promote-model.ts';
import { rollbackModel } from './rollback-model.ts';
import { trainingCommands } from './training-routes.ts';
import { updateModel } from './update-model.ts';

/** What changes datasets, training jobs and models. */
export const fineTuningCommands = [...trainingCommands, updateModel, archiveModelVersion, promoteModel, rollbackModel];

export const handler = httpHandler(fineTuningCommands, ports);

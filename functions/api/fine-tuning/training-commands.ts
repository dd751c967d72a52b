import { cancelTrainingJob } from './cancel-training-job.ts';
import { createTrainingJob } from './create-training-job.ts';
import { retryTrainingJob } from './retry-training-job.ts';
import { startTrainingJob } from './start-training-job.ts';

/** What changes training jobs. */
export const trainingCommands = [createTrainingJob, startTrainingJob, cancelTrainingJob, retryTrainingJob];

import { cancelTrainingJob } from './cancel-training-job.ts';
import { createTrainingJob } from './create-training-job.ts';
import { estimateTrainingJob } from './estimate-training-job.ts';
import { getTrainingEvaluation } from './get-training-evaluation.ts';
import { getTrainingJob } from './get-training-job.ts';
import { listTrainingEvents } from './list-training-events.ts';
import { listTrainingJobs } from './list-training-jobs.ts';
import { listTrainingMetrics } from './list-training-metrics.ts';
import { pollTrainingJobs } from './poll-training-jobs.ts';
import { retryTrainingJob } from './retry-training-job.ts';
import { startTrainingJob } from './start-training-job.ts';

/** What changes training jobs. */
export const trainingCommands = [
  createTrainingJob,
  startTrainingJob,
  cancelTrainingJob,
  retryTrainingJob,
  pollTrainingJobs,
];

/** What only reads training jobs. */
export const trainingQueries = [
  estimateTrainingJob,
  listTrainingJobs,
  getTrainingJob,
  listTrainingMetrics,
  listTrainingEvents,
  getTrainingEvaluation,
];

import { estimateTrainingJob } from './estimate-training-job.ts';
import { getTrainingEvaluation } from './get-training-evaluation.ts';
import { getTrainingJob } from './get-training-job.ts';
import { listTrainingEvents } from './list-training-events.ts';
import { listTrainingJobs } from './list-training-jobs.ts';
import { listTrainingMetrics } from './list-training-metrics.ts';

/** What only reads training jobs. */
export const trainingQueries = [
  estimateTrainingJob,
  listTrainingJobs,
  getTrainingJob,
  listTrainingMetrics,
  listTrainingEvents,
  getTrainingEvaluation,
];

import { driverOf } from './driver.ts';
import type { TrainingJob } from './training-job.ts';
import { moveTraining, type TrainingChange } from './transition.ts';

/** Queues a pending job and asks for the execution that will drive the attempt. @throws InvalidTrainingMove */
export const startTrainingJob = (job: TrainingJob, datasetId: string, at: string): TrainingChange =>
  moveTraining(job, {
    to: 'queued',
    at,
    set: { datasetId },
    internal: { consumers: ['start-execution'], training: driverOf(job) },
  });

import { readTraining } from '#application/training-writes';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { route } from '#runtime/http/route-handler';
import { trainingAnswer } from './training-answer.ts';

/** GET /fine-tuning/jobs/{job_id} */
export const getTrainingJob = route(trainingJobRoutes.getTrainingJob, async ({ params, tenantId }, { storeOf }) =>
  trainingAnswer(await readTraining(storeOf(tenantId), params.job_id)),
);

import { makeStartTrainingJob } from '#application/start-training-job';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { route } from '#runtime/http/route-handler';
import { trainingAnswer } from './training-answer.ts';

/** POST /fine-tuning/jobs/{job_id}/start */
export const startTrainingJob = route(
  trainingJobRoutes.startTrainingJob,
  async ({ params, body, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const start = makeStartTrainingJob({ store: storeOf(tenantId), clock, ids });
    const input = { jobId: params.job_id, datasetId: body.dataset_id, ifVersion };
    return trainingAnswer(await start({ ...input, remember: remember(trainingAnswer) }));
  },
);

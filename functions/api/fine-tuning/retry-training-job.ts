import { makeRetryTrainingJob } from '#application/retry-training-job';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { route } from '#runtime/http/route-handler';
import { trainingAnswer } from './training-answer.ts';

/** POST /fine-tuning/jobs/{job_id}/retry */
export const retryTrainingJob = route(
  trainingJobRoutes.retryTrainingJob,
  async ({ params, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const retry = makeRetryTrainingJob({ store: storeOf(tenantId), clock, ids });
    const input = { jobId: params.job_id, ifVersion };
    return trainingAnswer(await retry({ ...input, remember: remember(trainingAnswer) }));
  },
);

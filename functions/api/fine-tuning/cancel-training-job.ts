import { makeCancelTrainingJob } from '#application/cancel-training-job';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { route } from '#runtime/http/route-handler';
import { trainingAnswer } from './training-answer.ts';

/** POST /fine-tuning/jobs/{job_id}/cancel */
export const cancelTrainingJob = route(
  trainingJobRoutes.cancelTrainingJob,
  async ({ params, body, tenantId, ifVersion, remember }, { storeOf, clock, ids }) => {
    const cancel = makeCancelTrainingJob({ store: storeOf(tenantId), clock, ids });
    const input = { jobId: params.job_id, reason: body.reason, ifVersion };
    return trainingAnswer(await cancel({ ...input, remember: remember(trainingAnswer) }));
  },
);

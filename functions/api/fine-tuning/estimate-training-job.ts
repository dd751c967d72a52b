import { makeEstimateTrainingJob } from '#application/estimate-training-job';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import { prices } from '#runtime/training-providers';
import { trainingRequest } from './training-request.ts';

/** POST /fine-tuning/jobs/estimate */
export const estimateTrainingJob = route(
  trainingJobRoutes.estimateTrainingJob,
  async ({ body, tenantId }, { storeOf, environment }) => {
    const estimate = makeEstimateTrainingJob({ store: storeOf(tenantId), prices });
    return { body: toWire(await estimate(trainingRequest(body, environment))) };
  },
);

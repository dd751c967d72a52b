import { makeEstimateTrainingJob } from '#application/estimate-training-job';
import { completeRequest } from '#application/training-request';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import { prices, trainingOffer } from '#runtime/training-offer';

/** POST /fine-tuning/jobs/estimate */
export const estimateTrainingJob = route(
  trainingJobRoutes.estimateTrainingJob,
  async ({ body, tenantId }, { storeOf, environment }) => {
    const estimate = makeEstimateTrainingJob({ store: storeOf(tenantId), prices });
    return { body: toWire(await estimate(completeRequest(fromWire(body), trainingOffer(environment)))) };
  },
);

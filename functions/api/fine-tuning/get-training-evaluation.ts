import { makeReadEvaluation } from '#application/read-evaluation';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/jobs/{job_id}/evaluation */
export const getTrainingEvaluation = route(
  trainingJobRoutes.getTrainingEvaluation,
  async ({ params, tenantId }, { storeOf }) => ({
    body: toWire(await makeReadEvaluation({ store: storeOf(tenantId) })(params.job_id)),
  }),
);

import { readTraining } from '#application/training-writes';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { NotFound } from '#domain/errors';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/jobs/{job_id}/evaluation */
export const getTrainingEvaluation = route(
  trainingJobRoutes.getTrainingEvaluation,
  async ({ params, tenantId }, { storeOf }) => {
    const { live } = await readTraining(storeOf(tenantId), params.job_id);
    if (live.evaluation === undefined) throw new NotFound('evaluation');
    return { body: toWire(live.evaluation) };
  },
);

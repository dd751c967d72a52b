import { makeCreateTrainingJob } from '#application/create-training-job';
import { completeRequest } from '#application/training-request';
import type { TrainingState } from '#application/training-writes';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { fromWire } from '#contracts/wire-case';
import { isLead } from '#runtime/http/caller';
import { Refusal } from '#runtime/http/refusal';
import { route } from '#runtime/http/route-handler';
import { prices, trainingOffer } from '#runtime/training-offer';
import { trainingAnswer } from './training-answer.ts';

/** POST /fine-tuning/jobs */
export const createTrainingJob = route(
  trainingJobRoutes.createTrainingJob,
  async ({ body, actor, principal, tenantId, remember }, { storeOf, clock, ids, environment }) => {
    if (body.auto_start && !isLead(principal))
      throw new Refusal('FORBIDDEN', 'only a lead may start a training job', { extras: { required_role: 'lead' } });
    const { provider, datasetId, input } = completeRequest(fromWire(body), trainingOffer(environment));
    const answer = (state: TrainingState) => ({
      ...trainingAnswer(state),
      headers: { location: `/api/v1/fine-tuning/jobs/${state.job.id}` },
    });
    const create = makeCreateTrainingJob({ store: storeOf(tenantId), prices, clock, ids });
    const fields = { baseModel: body.base_model, targetModelName: body.target_model_name, datasetId, provider };
    const version = body.version ?? { bump: body.bump ?? 'patch' };
    return answer(
      await create({ fields, version, input, autoStart: body.auto_start, actor, remember: remember(answer) }),
    );
  },
);

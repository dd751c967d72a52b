import { viewModel } from '#application/model-view';
import { makeRollbackModel } from '#application/rollback-model';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

const answer = (model: Parameters<typeof viewModel>[0]) => ({ body: toWire(viewModel(model)) });

/** POST /fine-tuning/models/{model_name}/rollback */
export const rollbackModel = route(
  modelRoutes.rollbackModel,
  async ({ params, body, tenantId, actor, ifVersion, remember }, { storeOf, clock, ids }) => {
    const rollBack = makeRollbackModel({ store: storeOf(tenantId), clock, ids });
    const input = { modelName: params.model_name, ...body, actor, ifVersion };
    return answer(await rollBack({ ...input, remember: remember(answer) }));
  },
);

import { viewModel } from '#application/model-view';
import { makePromoteModel } from '#application/promote-model';
import { modelRoutes } from '#contracts/model-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

const answer = (model: Parameters<typeof viewModel>[0]) => ({ body: toWire(viewModel(model)) });

/** POST /fine-tuning/models/{model_name}/promote */
export const promoteModel = route(
  modelRoutes.promoteModel,
  async ({ params, body, tenantId, actor, ifVersion, remember }, { storeOf, clock, ids }) => {
    const promote = makePromoteModel({ store: storeOf(tenantId), clock, ids });
    const promotion = { ...fromWire(body), modelName: params.model_name, actor, ifVersion };
    return answer(await promote({ ...promotion, remember: remember(answer) }));
  },
);

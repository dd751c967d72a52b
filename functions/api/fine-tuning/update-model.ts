import { viewModel } from '#application/model-view';
import { makeUpdateModel } from '#application/update-model';
import { modelRoutes } from '#contracts/model-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** PATCH /fine-tuning/models/{model_name} */
export const updateModel = route(
  modelRoutes.updateModel,
  async ({ params, body, tenantId, actor, ifVersion }, { storeOf, clock, ids }) => {
    const update = makeUpdateModel({ store: storeOf(tenantId), clock, ids });
    return {
      body: toWire(viewModel(await update({ modelName: params.model_name, patch: fromWire(body), actor, ifVersion }))),
    };
  },
);

import { viewModel } from '#application/model-view';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models/{model_name} */
export const getModel = route(modelRoutes.getModel, async ({ params, tenantId }, { storeOf }) => ({
  body: toWire(viewModel(await storeOf(tenantId).getModel(params.model_name))),
}));

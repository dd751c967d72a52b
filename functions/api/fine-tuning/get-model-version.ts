import { viewVersions } from '#application/model-view';
import { getModelVersion as readVersion } from '#application/model-writes';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models/{model_name}/versions/{version} */
export const getModelVersion = route(modelRoutes.getModelVersion, async ({ params, tenantId }, { storeOf }) => {
  const store = storeOf(tenantId);
  const model = await store.getModel(params.model_name);
  const [shown] = await viewVersions(store, model, [await readVersion(store, model.name, params.version)]);
  return { body: toWire(shown) };
});

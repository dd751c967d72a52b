import { makeListTrials } from '#application/list-trials';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/models/{model_name}/trials */
export const listModelTrials = route(modelRoutes.listModelTrials, async ({ params, tenantId }, { storeOf }) => {
  const trials = await makeListTrials({ store: storeOf(tenantId) })(params.model_name);
  return { body: { items: trials.map(toWire) } };
});

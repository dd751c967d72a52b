import { makeArchiveVersion, type VersionOfModel } from '#application/archive-version';
import { viewVersion } from '#application/model-view';
import { modelRoutes } from '#contracts/model-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

const answer = ({ model, version, tally }: VersionOfModel) => ({ body: toWire(viewVersion(model, version, tally)) });

/** POST /fine-tuning/models/{model_name}/versions/{version}/archive */
export const archiveModelVersion = route(
  modelRoutes.archiveModelVersion,
  async ({ params, tenantId, actor, ifVersion, remember }, { storeOf, clock, ids }) => {
    const archive = makeArchiveVersion({ store: storeOf(tenantId), clock, ids });
    const input = { modelName: params.model_name, version: params.version, actor, ifVersion };
    return answer(await archive({ ...input, remember: remember(answer) }));
  },
);

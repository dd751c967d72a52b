import { makeCreateDataset } from '#application/create-dataset';
import { datasetRoutes } from '#contracts/dataset-routes';
import { fromWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import { presentDataset } from './dataset-view.ts';

/** POST /fine-tuning/datasets */
export const createDataset = route(
  datasetRoutes.createDataset,
  async ({ body, actor, tenantId, remember }, { storeOf, clock, ids }) => {
    const { description, ...fields } = fromWire(body);
    const answer = (dataset: Parameters<typeof presentDataset>[0]) => ({
      body: presentDataset(dataset),
      headers: { location: `${datasetRoutes.createDataset.path}/${dataset.id}` },
    });
    const create = makeCreateDataset({ store: storeOf(tenantId), clock, ids });
    const made = { ...fields, description: description ?? undefined };
    return answer(await create({ fields: made, createdBy: actor.id, remember: remember(answer) }));
  },
);

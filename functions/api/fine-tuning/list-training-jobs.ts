import { makeListTrainingJobs } from '#application/list-training-jobs';
import { viewTrainingItem } from '#application/training-view';
import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/jobs */
export const listTrainingJobs = route(
  trainingJobRoutes.listTrainingJobs,
  async ({ query, tenantId }, { storeOf, clock, digest }) => {
    const { limit, cursor, ...filters } = query;
    const { operationId } = trainingJobRoutes.listTrainingJobs;
    const scope = { tenantId, operationId, filters, now: clock.now() };
    const filter = {
      statuses: filters.status,
      baseModels: filters.base_model,
      targetModelNames: filters.target_model_name,
      providers: filters.provider,
    };
    const list = makeListTrainingJobs({ store: storeOf(tenantId) });
    const page = await list({ filter, limit, after: readCursor(digest, scope, cursor, 'id') });
    const items = page.items.map(({ job, live }) => toWire(viewTrainingItem(job, live)));
    return { body: { items, next_cursor: makeCursor(digest, scope, page.next) } };
  },
);

import { trainingJobRoutes } from '#contracts/training-job-routes';
import { toWire } from '#contracts/wire-case';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/jobs/{job_id}/metrics */
export const listTrainingMetrics = route(
  trainingJobRoutes.listTrainingMetrics,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const store = storeOf(tenantId);
    const job = await store.getTrainingJob(params.job_id);
    const attempt = query.attempt ?? job.attempt;
    const { operationId } = trainingJobRoutes.listTrainingMetrics;
    const scope = { tenantId, operationId, filters: { ...params, attempt }, now: clock.now() };
    const after = Number(readCursor(digest, scope, query.cursor, 'number') ?? -1);
    const points = (await store.listTrainingPoints(job.id, attempt)).filter(({ step }) => step > after);
    const shown = points.slice(0, query.limit);
    const next = shown.length < points.length ? String(shown.at(-1)?.step) : undefined;
    return {
      body: {
        items: shown.map((point) => toWire({ ...point, simulated: job.simulated })),
        next_cursor: makeCursor(digest, scope, next),
      },
    };
  },
);

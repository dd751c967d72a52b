import { trainingJobRoutes } from '#contracts/training-job-routes';
import { makeCursor, readCursor } from '#runtime/http/cursor';
import { route } from '#runtime/http/route-handler';

/** GET /fine-tuning/jobs/{job_id}/events */
export const listTrainingEvents = route(
  trainingJobRoutes.listTrainingEvents,
  async ({ params, query, tenantId }, { storeOf, clock, digest }) => {
    const store = storeOf(tenantId);
    const job = await store.getTrainingJob(params.job_id);
    const { operationId } = trainingJobRoutes.listTrainingEvents;
    const scope = { tenantId, operationId, filters: { ...params }, now: clock.now() };
    const afterSeq = Number(readCursor(digest, scope, query.cursor, 'number') ?? query.after_seq);
    const page = await store.listTrainingEvents(job.id, { afterSeq, limit: query.limit });
    return {
      body: {
        items: page.items.map(({ type, payload, timestamp, seq, stream, eventId }) => ({
          ...{ type, payload, timestamp, seq, stream },
          room: stream,
          tenant_id: tenantId,
          event_id: eventId,
        })),
        next_cursor: makeCursor(digest, scope, page.next),
      },
    };
  },
);

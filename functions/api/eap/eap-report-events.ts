import { makeReportEvents, type ReportEventsInput } from '#application/report-events';
import { agentRoutes } from '#contracts/agent-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** Usage stands flat in the event and together inside. */
const workEvent = (
  event: ReturnType<typeof fromWire<(typeof agentRoutes.eapReportEvents.body)['_zod']['output']['events'][number]>>,
): ReportEventsInput['events'][number] => {
  if (event.type !== 'metrics') return event;
  const { type, eventSeq, timestamp, ...usage } = event;
  return { type, eventSeq, timestamp, usage };
};

/** POST …/assignments/{assignment_id}/events */
export const eapReportEvents = route(
  agentRoutes.eapReportEvents,
  async ({ params, body, tenantId }, { storeOf, clock, ids, digest }) => {
    const { fencingToken, events } = fromWire(body);
    const reported = await makeReportEvents({ store: storeOf(tenantId), clock, ids, digest })({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      fencingToken,
      events: events.map(workEvent),
    });
    const { lastEventSeq, leaseUntil, directives } = reported;
    return {
      body: { last_event_seq: lastEventSeq, lease_expires_at: leaseUntil, directives: directives.map(toWire) },
    };
  },
);

import { isoNow } from '#application/ports/clock';
import { makeRecordHeartbeat } from '#application/record-heartbeat';
import { agentRoutes } from '#contracts/agent-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /agents/external/{agent_id}/heartbeat */
export const eapHeartbeat = route(
  agentRoutes.eapHeartbeat,
  async ({ params, body, tenantId }, { storeOf, clock, ids }) => {
    const { status, currentLoad, timestamp, leases } = fromWire(body);
    const heard = await makeRecordHeartbeat({ store: storeOf(tenantId), clock, ids })({
      agentId: params.agent_id,
      status,
      currentLoad,
      timestamp,
      leases,
    });
    if (heard.agent.protocolVersion === '1.0') return { status: 204, body: undefined };
    return {
      body: {
        server_time: isoNow(clock),
        directives: heard.directives.map(toWire),
        leases: heard.leases.map(({ assignmentId, state, leaseUntil }) => ({
          assignment_id: assignmentId,
          state,
          lease_expires_at: leaseUntil,
        })),
      },
    };
  },
);

import { isoNow } from '#application/ports/clock';
import { makeRecordHeartbeat } from '#application/record-heartbeat';
import { routes } from '#contracts/routes';
import { fromWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /agents/external/{agent_id}/heartbeat */
export const eapHeartbeat = route(routes.eapHeartbeat, async ({ params, body, tenantId }, { storeOf, clock, ids }) => {
  const store = storeOf(tenantId);
  const { status, currentLoad, leases } = fromWire(body);
  const states = await makeRecordHeartbeat({ store, clock, ids })({
    agentId: params.agent_id,
    status,
    currentLoad,
    leases,
  });
  const { protocolVersion } = await store.getAgent(params.agent_id);
  if (protocolVersion === '1.0') return { status: 204, body: undefined };
  return {
    body: {
      server_time: isoNow(clock),
      directives: [],
      leases: states.map(({ assignmentId, state, leaseUntil }) => ({
        assignment_id: assignmentId,
        state,
        lease_expires_at: leaseUntil,
      })),
    },
  };
});

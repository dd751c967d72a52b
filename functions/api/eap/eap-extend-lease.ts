import { makeExtendLease } from '#application/extend-lease';
import { agentRoutes } from '#contracts/agent-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST …/assignments/{assignment_id}/extend */
export const eapExtendLease = route(
  agentRoutes.eapExtendLease,
  async ({ params, body, tenantId }, { storeOf, clock, ids }) => {
    const { leaseUntil, directives } = await makeExtendLease({ store: storeOf(tenantId), clock, ids })({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      fencingToken: body.fencing_token,
      leaseSeconds: body.lease_seconds,
    });
    return { body: { lease_expires_at: leaseUntil, directives: directives.map(toWire) } };
  },
);

import { makeReleaseAssignment } from '#application/release-assignment';
import { agentRoutes } from '#contracts/agent-routes';
import { fromWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST …/assignments/{assignment_id}/release */
export const eapReleaseAssignment = route(
  agentRoutes.eapReleaseAssignment,
  async ({ params, body, tenantId }, { storeOf, clock, ids, digest }) => {
    await makeReleaseAssignment({ store: storeOf(tenantId), clock, ids, digest })({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      fencingToken: body.fencing_token,
      checkpoint: fromWire(body).checkpoint,
    });
    return { body: { assignment_id: params.assignment_id, state: 'pending', outcome: 'released' } };
  },
);

import { makeReleaseAssignment } from '#application/release-assignment';
import { agentRoutes } from '#contracts/agent-routes';
import { route } from '#runtime/http/route-handler';

/** POST …/assignments/{assignment_id}/release */
export const eapReleaseAssignment = route(
  agentRoutes.eapReleaseAssignment,
  async ({ params, body, tenantId }, { storeOf, clock, ids }) => {
    await makeReleaseAssignment({ store: storeOf(tenantId), clock, ids })({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      fencingToken: body.fencing_token,
    });
    return { body: { assignment_id: params.assignment_id, state: 'pending', outcome: 'released' } };
  },
);

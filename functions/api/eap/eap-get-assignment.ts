import { makeGetOwnAssignment } from '#application/read-own-assignments';
import { agentRoutes } from '#contracts/agent-routes';
import { route } from '#runtime/http/route-handler';
import { presentOwnAssignment } from './own-assignment-view.ts';

/** GET …/assignments/{assignment_id} */
export const eapGetAssignment = route(
  agentRoutes.eapGetAssignment,
  async ({ params, tenantId }, { storeOf, clock, ids }) => {
    const get = makeGetOwnAssignment({ store: storeOf(tenantId), clock, ids });
    return { body: presentOwnAssignment(await get({ agentId: params.agent_id, assignmentId: params.assignment_id })) };
  },
);

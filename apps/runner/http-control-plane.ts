import { makeClient } from '#contracts/client';
import type { ControlPlane } from './control-plane.ts';

// a lease must be renewed, and its loss be heard, long before an answer of the usual patience
const agentTimeoutMs = 10_000;

/** The control plane at `apiUrl`, over HTTP. `apiKey` is used for registering only. */
export function httpControlPlane(apiUrl: string, apiKey: string): ControlPlane {
  return {
    register: (body) => makeClient({ baseUrl: apiUrl, credential: apiKey }).call('registerExternalAgent', { body }),

    asAgent({ agentId: agent_id, token }) {
      const client = makeClient({ baseUrl: apiUrl, credential: token, timeoutMs: agentTimeoutMs });
      const at = (assignment_id: string) => ({ params: { agent_id, assignment_id } });
      return {
        heartbeat: (body) => client.call('eapHeartbeat', { params: { agent_id }, body }),
        claim: (body, idempotencyKey) => client.call('eapClaim', { params: { agent_id }, body, idempotencyKey }),
        reportEvents: (assignmentId, body) => client.call('eapReportEvents', { ...at(assignmentId), body }),
        extend: (assignmentId, body) => client.call('eapExtendLease', { ...at(assignmentId), body }),
        look: (assignmentId) => client.call('eapGetAssignment', at(assignmentId)),
        release: (assignmentId, body) => client.call('eapReleaseAssignment', { ...at(assignmentId), body }),
        createArtifact: (assignmentId, body) => client.call('eapCreateArtifact', { ...at(assignmentId), body }),
        getArtifact: (assignment_id, artifact_id) =>
          client.call('eapGetArtifact', { params: { agent_id, assignment_id, artifact_id } }),
        submitResult: (assignmentId, body) => client.call('eapSubmitResult', { ...at(assignmentId), body }),
      };
    },
  };
}

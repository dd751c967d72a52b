import { makeFindArtifactOfWork } from '#application/find-artifact';
import { artifactRoutes } from '#contracts/artifact-routes';
import { route } from '#runtime/http/route-handler';
import type { PortsWithObjects } from '#runtime/ports-with-objects';
import { presignedDownload } from './download.ts';

/** GET …/assignments/{assignment_id}/artifacts/{artifact_id} */
export const eapGetArtifact = route(
  artifactRoutes.eapGetArtifact,
  async ({ params, tenantId }, { storeOf, objectsOf, clock }: PortsWithObjects) => {
    const find = makeFindArtifactOfWork({ store: storeOf(tenantId) });
    const artifact = await find({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      artifactId: params.artifact_id,
    });
    return { body: await presignedDownload(artifact, { objects: objectsOf(tenantId), clock }) };
  },
);

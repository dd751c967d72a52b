import { makeFindArtifact } from '#application/find-artifact';
import { artifactRoutes } from '#contracts/artifact-routes';
import { route } from '#runtime/http/route-handler';
import type { PortsWithObjects } from '#runtime/ports-with-objects';
import { presignedDownload } from './download.ts';

/** GET /sessions/{session_id}/artifacts/{artifact_id} */
export const getSessionArtifact = route(
  artifactRoutes.getSessionArtifact,
  async ({ params, tenantId, wantsJson }, { storeOf, objectsOf, clock }: PortsWithObjects) => {
    const find = makeFindArtifact({ store: storeOf(tenantId) });
    const artifact = await find({ sessionId: params.session_id, artifactId: params.artifact_id });
    const body = await presignedDownload(artifact, { objects: objectsOf(tenantId), clock });
    if (wantsJson) return { body };
    const text = { mediaType: 'text/plain', content: '' };
    return { status: 302, body, headers: { location: body.download_url }, text };
  },
);

import { makeCreateArtifact } from '#application/create-artifact';
import { artifactRoutes } from '#contracts/artifact-routes';
import { fromWire } from '#contracts/wire-case';
import { type RestoreSecret, route } from '#runtime/http/route-handler';
import type { PortsWithObjects } from '#runtime/ports-with-objects';

type Artifact = Awaited<ReturnType<ReturnType<typeof makeCreateArtifact>>>;

const UPLOAD_SECONDS = 900;
const SECOND_MS = 1000;

/** Stored with the remembered answer in place of the URL: what it takes to sign anew. */
const unsigned = ({ id, sessionId }: Artifact) => ({
  body: { artifact_id: id, upload_url: sessionId, method: 'PUT', headers: {}, expires_at: '' },
});

const signed = async (artifact: Artifact, tenantId: string, { objectsOf, clock }: PortsWithObjects) => {
  const { url, headers } = await objectsOf(tenantId).presignUpload(artifact, UPLOAD_SECONDS);
  const expires_at = new Date(clock.now() + UPLOAD_SECONDS * SECOND_MS).toISOString();
  return { artifact_id: artifact.id, upload_url: url, method: 'PUT', headers, expires_at };
};

/** A URL is a secret that expires: a repeated request gets a new one. */
const signAgain: RestoreSecret<PortsWithObjects> = async (body, tenantId, ports) => {
  const { artifact_id, upload_url: sessionId } = JSON.parse(body) as { artifact_id: string; upload_url: string };
  const artifact = await ports.storeOf(tenantId).findArtifact(sessionId, artifact_id);
  return artifact === undefined ? body : JSON.stringify(await signed(artifact, tenantId, ports));
};

/** POST …/assignments/{assignment_id}/artifacts */
export const eapCreateArtifact = route(
  artifactRoutes.eapCreateArtifact,
  async ({ params, body, tenantId, remember }, ports: PortsWithObjects) => {
    const { fencingToken, ...announced } = fromWire(body);
    const { storeOf, clock, ids } = ports;
    const create = makeCreateArtifact({ store: storeOf(tenantId), clock, ids });
    const artifact = await create({
      agentId: params.agent_id,
      assignmentId: params.assignment_id,
      fencingToken,
      announced,
      remember: remember(unsigned),
    });
    return { body: await signed(artifact, tenantId, ports) };
  },
  signAgain,
);

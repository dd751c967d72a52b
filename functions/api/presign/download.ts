import type { Clock } from '#application/ports/clock';
import type { ObjectStore } from '#application/ports/object-store';

type Artifact = Parameters<ObjectStore['presignDownload']>[0];

const DOWNLOAD_SECONDS = 300;
const SECOND_MS = 1000;

/** Where a file can be downloaded, for five minutes. */
export const presignedDownload = async (
  artifact: Artifact,
  { objects, clock }: { objects: ObjectStore; clock: Clock },
) => ({
  artifact_id: artifact.id,
  download_url: await objects.presignDownload(artifact, DOWNLOAD_SECONDS),
  expires_at: new Date(clock.now() + DOWNLOAD_SECONDS * SECOND_MS).toISOString(),
  size_bytes: artifact.sizeBytes,
  sha256: artifact.sha256,
});

import type { Session } from '#domain/session/session';
import { record, type SessionChange } from '#domain/session/transition';
import type { Artifact } from './artifact.ts';
import { ArtifactMismatch } from './errors.ts';

/** What object storage says of a file. `sha256` is hex. */
export interface UploadedFile {
  readonly sizeBytes: number;
  readonly sha256?: string | undefined;
}

/** @throws ArtifactMismatch unless exactly the announced bytes were uploaded */
export const checkUpload = ({ id, sizeBytes, sha256 }: Artifact, uploaded: UploadedFile | undefined): void => {
  if (uploaded === undefined) throw new ArtifactMismatch(id, 'was not uploaded');
  if (uploaded.sizeBytes !== sizeBytes)
    throw new ArtifactMismatch(id, `has ${uploaded.sizeBytes} bytes and was announced with ${sizeBytes}`);
  if (uploaded.sha256 !== sha256) throw new ArtifactMismatch(id, 'has another SHA-256 than announced');
};

/** Files that a result named are there for everybody who may see the session, each announced by an event. */
export const storeArtifacts = (session: Session, artifacts: readonly Artifact[], at: string): SessionChange => ({
  before: session,
  ...record(
    session,
    artifacts.map(({ id, path, sizeBytes, mimeType }) => ({
      type: 'session.artifact_added',
      payload: { artifact_id: id, path, size_bytes: sizeBytes, mime_type: mimeType },
    })),
    at,
  ),
});

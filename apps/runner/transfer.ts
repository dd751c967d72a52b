import { createHash } from 'node:crypto';
import type { AgentCalls } from './control-plane.ts';
import { upstreamFailure } from './run-failure.ts';

const transferTimeoutMs = 120_000;

/** A file of an assignment on its way to object storage. */
export interface FileToUpload {
  readonly path: string;
  readonly mimeType: string;
  readonly content: Buffer;
}

type Transfer = Pick<AgentCalls, 'createArtifact' | 'getArtifact'>;

const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Uploads a file of an assignment and returns its id. Throws ApiProblem when it is refused, RunFailure when storage does not take it. */
export async function upload(
  calls: Transfer,
  { assignmentId, fencingToken, signal }: { assignmentId: string; fencingToken: number; signal: AbortSignal },
  { path, mimeType, content }: FileToUpload,
): Promise<string> {
  const { artifact_id, upload_url, headers } = await calls.createArtifact(assignmentId, {
    fencing_token: fencingToken,
    path,
    mime_type: mimeType,
    size_bytes: content.length,
    sha256: sha256Of(content),
  });
  const answer = await fetch(upload_url, {
    method: 'PUT',
    headers,
    body: new Uint8Array(content),
    signal: AbortSignal.any([signal, AbortSignal.timeout(transferTimeoutMs)]),
  });
  if (!answer.ok) throw upstreamFailure(`object storage refused ${path} with status ${answer.status}`);
  return artifact_id;
}

/** Downloads a file of the session that the assignment is about. Throws RunFailure unless it is the announced one. */
export async function download(calls: Transfer, assignmentId: string, artifactId: string): Promise<Buffer> {
  const { download_url, sha256 } = await calls.getArtifact(assignmentId, artifactId);
  const answer = await fetch(download_url, { signal: AbortSignal.timeout(transferTimeoutMs) });
  if (!answer.ok) throw upstreamFailure(`object storage answered ${answer.status} for artifact ${artifactId}`);
  const content = Buffer.from(await answer.arrayBuffer());
  if (sha256Of(content) !== sha256) throw upstreamFailure(`artifact ${artifactId} is not what was announced`);
  return content;
}

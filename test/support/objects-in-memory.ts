import { createHash } from 'node:crypto';
import type { ObjectStore } from '#application/ports/object-store';
import type { Artifact } from '#domain/artifact/artifact';

/** Object storage that a test fills itself. URLs name their object and say nothing else. */
export const objectsInMemory = () => {
  const stored = new Map<string, string>();
  const of = (tenantId: string): ObjectStore => {
    const urlOf = ({ sessionId, id }: Artifact) => `https://objects.test/${tenantId}/${sessionId}/${id}`;
    return {
      presignUpload: async (artifact) => ({ url: urlOf(artifact), headers: { 'content-type': artifact.mimeType } }),
      presignDownload: async (artifact) => urlOf(artifact),
      describe: async (artifact) => {
        const content = stored.get(urlOf(artifact));
        return content === undefined ? undefined : { sizeBytes: Buffer.byteLength(content), sha256: sha256Of(content) };
      },
      remove: async (artifact) => void stored.delete(urlOf(artifact)),
    };
  };
  return { of, names: () => [...stored.keys()], put: (url: string, content: string) => void stored.set(url, content) };
};

export const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

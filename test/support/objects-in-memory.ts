import { createHash } from 'node:crypto';
import type { ObjectName, ObjectStore } from '#application/ports/object-store';

/** Object storage that a test fills itself. URLs name their object and say nothing else. */
export const objectsInMemory = () => {
  const stored = new Map<string, string>();
  const of = (tenantId: string): ObjectStore => {
    const urlOf = ({ sessionId, id }: ObjectName) => `https://objects.test/${tenantId}/${sessionId}/${id}`;
    return {
      presignUpload: async (artifact) => ({ url: urlOf(artifact), headers: { 'content-type': artifact.mimeType } }),
      presignDownload: async (artifact) => urlOf(artifact),
      describe: async (artifact) => {
        const content = stored.get(urlOf(artifact));
        return content === undefined ? undefined : { sizeBytes: Buffer.byteLength(content), sha256: sha256Of(content) };
      },
      remove: async (name) => void stored.delete(urlOf(name)),
      writeText: async (name, text) => void stored.set(urlOf(name), text),
      readText: async (name) => stored.get(urlOf(name)),
      list: async (sessionId, limit) => {
        const prefix = urlOf({ sessionId, id: '' });
        const found = [...stored.keys()].filter((url) => url.startsWith(prefix)).slice(0, limit);
        return found.map((url) => ({ sessionId, id: url.slice(prefix.length) }));
      },
    };
  };
  return { of, names: () => [...stored.keys()], put: (url: string, content: string) => void stored.set(url, content) };
};

export const sha256Of = (content: string): string => createHash('sha256').update(content).digest('hex');

import type { ObjectName, ObjectStore } from '#application/ports/object-store';
import type { Artifact } from '#domain/artifact/artifact';
import { makePresign, type S3Place } from './presign.ts';

/** A name for the file that every browser and shell takes. */
const fileName = ({ path }: Artifact) => (path.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9._-]/g, '_');

const base64OfHex = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const hexOfBase64 = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

const LOOK_SECONDS = 60;
const LOOK_PATIENCE_MS = 10_000;

/**
 * Files of a tenant in S3, under keys that begin with the tenant. All it does is sign and send
 * plain requests, so it does without the S3 client, which is ten times its size. `mayList`: whether the credentials may find names.
 */
export const makeS3ObjectStore = (
  place: S3Place,
  tenantId: string,
  { mayList = false }: { readonly mayList?: boolean } = {},
): ObjectStore => {
  const presign = makePresign(place);
  // who may not list names is told 403 of what is not there; to everybody else that says that reading is refused
  const isMissing = ({ status }: Response) => status === 404 || (status === 403 && !mayList);
  const nameOf = ({ sessionId, id }: ObjectName) => `${tenantId}/${sessionId}/${id}`;

  const send = async (
    method: 'PUT' | 'GET' | 'DELETE',
    name: string,
    { body, query = {} }: { body?: string; query?: Record<string, string> } = {},
  ): Promise<Response | undefined> => {
    const url = await presign(method, name, { seconds: LOOK_SECONDS, query });
    const content = body === undefined ? {} : { body };
    const answer = await fetch(url, { method, ...content, signal: AbortSignal.timeout(LOOK_PATIENCE_MS) });
    if (isMissing(answer) && method !== 'PUT') return undefined;
    if (!answer.ok) throw new Error(`object storage answered ${answer.status}`);
    return answer;
  };

  return {
    async presignUpload(artifact, seconds) {
      const headers = {
        'content-type': artifact.mimeType,
        // S3 refuses other bytes by itself
        'x-amz-checksum-sha256': base64OfHex(artifact.sha256),
      };
      const signed = { ...headers, 'content-length': String(artifact.sizeBytes) };
      return { url: await presign('PUT', nameOf(artifact), { seconds, headers: signed }), headers };
    },

    presignDownload: (artifact, seconds) =>
      presign('GET', nameOf(artifact), {
        seconds,
        // never shown in place: it may be a page that an agent wrote
        query: { 'response-content-disposition': `attachment; filename="${fileName(artifact)}"` },
      }),

    async describe(artifact) {
      const headers = { 'x-amz-checksum-mode': 'ENABLED' };
      const url = await presign('HEAD', nameOf(artifact), { seconds: LOOK_SECONDS, headers });
      const answer = await fetch(url, { method: 'HEAD', headers, signal: AbortSignal.timeout(LOOK_PATIENCE_MS) });
      if (isMissing(answer)) return undefined;
      if (!answer.ok) throw new Error(`object storage answered ${answer.status}`);
      const checksum = answer.headers.get('x-amz-checksum-sha256');
      return {
        sizeBytes: Number(answer.headers.get('content-length')),
        sha256: checksum === null ? undefined : hexOfBase64(checksum),
      };
    },

    async writeText(name, text) {
      await send('PUT', nameOf(name), { body: text });
    },

    readText: async (name) => (await send('GET', nameOf(name)))?.text(),

    async remove(name) {
      await send('DELETE', nameOf(name));
    },

    async list(sessionId, limit) {
      const prefix = `${tenantId}/${sessionId}/`;
      const query = { 'list-type': '2', prefix, 'max-keys': String(limit) };
      const answer = await send('GET', '', { query });
      if (answer === undefined) throw new Error('object storage does not say what it has');
      // our names have no character that XML would escape
      const names = [...(await answer.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) => name);
      return names.map((name) => ({ sessionId, id: name.slice(prefix.length) }));
    },
  };
};

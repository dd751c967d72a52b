import type { DatasetFiles } from '#application/ports/dataset-files';
import { type Method, makePresign, type S3Place } from './presign.ts';

/** An address is used at once, by us. */
const OWN_SECONDS = 900;
const PATIENCE_MS = 60_000;
/** Sending takes as long as making what is sent. */
const SEND_PATIENCE_MS = 14 * 60_000;

const LIST_LIMIT = '1000';
/** Removals that are sent at a time. */
const AT_ONCE = 16;

interface Sent {
  readonly patience?: number;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: Uint8Array | ReadableStream;
}

/** Files of a tenant's datasets in S3, under keys that begin with the tenant. */
export const makeS3DatasetFiles = (place: S3Place, tenantId: string): DatasetFiles => {
  const presign = makePresign(place);
  const keyOf = (datasetId: string, name: string) => `${tenantId}/datasets/${datasetId}/${name}`;

  const send = async (
    method: Method,
    key: string,
    { patience = PATIENCE_MS, query = {}, ...init }: Sent = {},
  ): Promise<Response> => {
    const url = await presign(method, key, { seconds: OWN_SECONDS, query });
    // a stream as body needs `duplex`, which the types do not know
    const request = { method, ...init, duplex: 'half', signal: AbortSignal.timeout(patience) } as RequestInit;
    const answer = await fetch(url, request);
    // what is to be removed may be gone
    const isGone = method === 'DELETE' && answer.status === 404;
    if (!answer.ok && !isGone) throw new Error(`object storage answered ${method} ${key} with ${answer.status}`);
    return answer;
  };

  return {
    async write(datasetId, name, content, bytes) {
      const headers = { 'content-length': String(bytes) };
      const body = bytes === 0 ? new Uint8Array() : ReadableStream.from(content);
      await send('PUT', keyOf(datasetId, name), { headers, body, patience: SEND_PATIENCE_MS });
    },

    async read(datasetId, name, { from, bytes }) {
      const headers = { range: `bytes=${from}-${from + bytes - 1}` };
      return new Uint8Array(await (await send('GET', keyOf(datasetId, name), { headers })).arrayBuffer());
    },

    async size(datasetId, name) {
      return Number((await send('HEAD', keyOf(datasetId, name))).headers.get('content-length'));
    },

    async list(datasetId, prefix) {
      const query = { 'list-type': '2', prefix: keyOf(datasetId, prefix), 'max-keys': LIST_LIMIT };
      const answer = await send('GET', '', { query });
      // our names have no character that XML would escape
      const keys = [...(await answer.text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
      return keys.map((key) => key.slice(keyOf(datasetId, '').length));
    },

    async remove(datasetId, names) {
      for (let start = 0; start < names.length; start += AT_ONCE) {
        const few = names.slice(start, start + AT_ONCE);
        await Promise.all(few.map((name) => send('DELETE', keyOf(datasetId, name))));
      }
    },

    presignDownload: (datasetId, name, { fileName, seconds }) =>
      presign('GET', keyOf(datasetId, name), {
        seconds,
        query: { 'response-content-disposition': `attachment; filename="${fileName}"` },
      }),
  };
};

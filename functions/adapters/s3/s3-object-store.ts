import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { Sha256 } from '@smithy/core/checksum';
import type { ObjectStore } from '#application/ports/object-store';
import type { Artifact } from '#domain/artifact/artifact';

export interface S3Place {
  /** Address of the bucket without a slash at its end: a host of its own, or a path on an emulator. */
  readonly bucketUrl: string;
  readonly region: string;
  readonly credentials: () => Promise<{
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }>;
}

// RFC 3986, as the signature has it: these stay plain in encodeURIComponent
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** A name for the file that every browser and shell takes. */
const fileName = ({ path }: Artifact) => (path.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9._-]/g, '_');

const base64OfHex = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const hexOfBase64 = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

// what is hoisted into the URL would bind nobody
const UNHOISTABLE = new Set(['x-amz-checksum-sha256', 'x-amz-checksum-mode']);
const LOOK_SECONDS = 60;
const LOOK_PATIENCE_MS = 10_000;

/**
 * Files of a tenant in S3, under keys that begin with the tenant. Only signs, looks and removes: no bytes pass through here, so it does
 * without the S3 client, which is ten times its size.
 */
export const makeS3ObjectStore = ({ bucketUrl, region, credentials }: S3Place, tenantId: string): ObjectStore => {
  const presigner = new S3RequestPresigner({
    region,
    credentials,
    sha256: Sha256,
  });

  const presign = async (
    method: 'PUT' | 'GET' | 'HEAD' | 'DELETE',
    { sessionId, id }: Artifact,
    {
      seconds,
      headers = {},
      query = {},
    }: { seconds: number; headers?: Record<string, string>; query?: Record<string, string> },
  ): Promise<string> => {
    const { protocol, hostname, host, port, pathname } = new URL(`${bucketUrl}/${tenantId}/${sessionId}/${id}`);
    const signed = await presigner.presign(
      {
        ...{ method, protocol, hostname, path: pathname, query },
        ...(port === '' ? {} : { port: Number(port) }),
        headers: { host, ...headers },
      },
      {
        expiresIn: seconds,
        unhoistableHeaders: UNHOISTABLE,
        signableHeaders: new Set(['host', ...Object.keys(headers)]),
      },
    );
    const parameters = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encoded(name)}=${encoded(String(value))}`,
    );
    return `${protocol}//${host}${pathname}?${parameters.join('&')}`;
  };

  return {
    async presignUpload(artifact, seconds) {
      const headers = {
        'content-type': artifact.mimeType,
        // S3 refuses other bytes by itself
        'x-amz-checksum-sha256': base64OfHex(artifact.sha256),
      };
      const signed = { ...headers, 'content-length': String(artifact.sizeBytes) };
      return { url: await presign('PUT', artifact, { seconds, headers: signed }), headers };
    },

    presignDownload: (artifact, seconds) =>
      presign('GET', artifact, {
        seconds,
        // never shown in place: it may be a page that an agent wrote
        query: { 'response-content-disposition': `attachment; filename="${fileName(artifact)}"` },
      }),

    async describe(artifact) {
      const headers = { 'x-amz-checksum-mode': 'ENABLED' };
      const url = await presign('HEAD', artifact, { seconds: LOOK_SECONDS, headers });
      const answer = await fetch(url, { method: 'HEAD', headers, signal: AbortSignal.timeout(LOOK_PATIENCE_MS) });
      // who may not list a bucket is told 403 of what is not there
      if (answer.status === 404 || answer.status === 403) return undefined;
      if (!answer.ok) throw new Error(`object storage answered ${answer.status}`);
      const checksum = answer.headers.get('x-amz-checksum-sha256');
      return {
        sizeBytes: Number(answer.headers.get('content-length')),
        sha256: checksum === null ? undefined : hexOfBase64(checksum),
      };
    },

    async remove(artifact) {
      const url = await presign('DELETE', artifact, { seconds: LOOK_SECONDS });
      const answer = await fetch(url, { method: 'DELETE', signal: AbortSignal.timeout(LOOK_PATIENCE_MS) });
      if (!answer.ok && answer.status !== 404) throw new Error(`object storage answered ${answer.status}`);
    },
  };
};

import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

/** What AWS knows a caller by. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request to an AWS service, in the query form. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly contentType: string;
  readonly body: string;
}

export interface Signer {
  readonly credentials: AwsCredentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The headers of a request with AWS's signature, version 4. The SDK's signer is in every bundle already; a client of its own
 * for the one call that needs it would not be.
 */
export const signRequest = async (
  { method, url, contentType, body }: UnsignedRequest,
  { now, ...signer }: Signer,
): Promise<Readonly<Record<string, string>>> => {
  const request = new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { 'content-type': contentType, host: url.host },
    body,
  });
  const signature = new SignatureV4({ ...signer, sha256: Sha256, applyChecksum: false });
  const { headers } = await signature.sign(request, { signingDate: new Date(now) });
  return headers;
};

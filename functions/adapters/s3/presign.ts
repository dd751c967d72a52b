import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

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

// what is hoisted into the URL would bind nobody
const UNHOISTABLE = new Set(['x-amz-checksum-sha256', 'x-amz-checksum-mode']);

export interface SignedParts {
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

export type Method = 'PUT' | 'GET' | 'HEAD' | 'DELETE';

/** Signs an address of an object for one method, headers and query; `key` is its name in the bucket. */
export type Presign = (method: Method, key: string, parts: SignedParts) => Promise<string>;

/** Makes addresses in a bucket. Without the S3 client, which is ten times the size of its signer. */
export const makePresign = ({ bucketUrl, region, credentials }: S3Place): Presign => {
  // S3 signs paths as they are; its own presigner adds nothing but signing for several regions
  const signer = new SignatureV4({ service: 's3', uriEscapePath: false, region, credentials, sha256: Sha256 });

  return async (method, key, { seconds, headers = {}, query = {} }) => {
    const { protocol, hostname, host, port, pathname } = new URL(`${bucketUrl}/${key}`);
    const signed = await signer.presign(
      {
        ...{ method, protocol, hostname, path: pathname, query },
        ...(port === '' ? {} : { port: Number(port) }),
        headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers },
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
};

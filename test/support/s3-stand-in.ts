import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The key that addresses must be signed with. */
export const S3_SECRET = 'secret';
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The signature of a request, computed as the service does from what it received. */
const signatureOf = ({ method = '', url = '', headers }: IncomingMessage): string => {
  const { pathname, search } = new URL(url, 'http://host');
  const pairs = search.slice(1).split('&');
  const parameter = (name: string) =>
    decodeURIComponent(pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '');
  const signed = parameter('X-Amz-SignedHeaders').split(';');
  const canonical = [
    method,
    pathname,
    pairs
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .toSorted()
      .join('&'),
    ...signed.map((name) => `${name}:${headers[name]}`),
    '',
    signed.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const [, date = '', region = ''] = parameter('X-Amz-Credential').split('/');
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = [
    'AWS4-HMAC-SHA256',
    parameter('X-Amz-Date'),
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ];
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${S3_SECRET}`, date));
  return hmac(key, text.join('\n')).toString('hex');
};

interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly content?: Buffer | undefined;
}

/** The bytes that a header `Range` names, both ends included. */
const within = (content: Buffer, range: string | undefined): S3Answer => {
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (from === '') return { status: 200, content };
  if (Number(from) >= content.length) return { status: 416 };
  return { status: 206, content: content.subarray(Number(from), Number(to) + 1) };
};

const listOf = (objects: Map<string, Buffer>, prefix: string, url: URL): string => {
  const names = [...objects.keys()].map((path) => path.slice('/bucket/'.length));
  const some = names.filter((key) => key.startsWith(prefix)).slice(0, Number(url.searchParams.get('max-keys')));
  return `<ListBucketResult>${some.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
};

const answerOf = (
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  url: URL,
  body: Buffer,
  objects: Map<string, Buffer>,
): S3Answer => {
  if (url.pathname.endsWith('BROKEN') && method !== 'PUT') return { status: 500 };
  if (method === 'PUT') {
    // as the service does: a body without a length is refused
    if (headers['content-length'] === undefined) return { status: 411 };
    objects.set(url.pathname, body);
    return { status: 200 };
  }
  const prefix = url.searchParams.get('prefix');
  if (prefix !== null) return { status: 200, content: Buffer.from(listOf(objects, prefix, url)) };
  if (method === 'DELETE') {
    return { status: objects.delete(url.pathname) ? 204 : 404 };
  }
  // as to one who may not read it, whether it is there or not
  if (url.pathname.includes('/HIDDEN/')) return { status: 403 };
  const found = objects.get(url.pathname);
  if (found === undefined) return { status: 404 };
  const { status, content } = within(found, headers.range);
  const checksum = createHash('sha256').update(found).digest('base64');
  return {
    status,
    headers: {
      'content-length': content?.length ?? 0,
      ...(headers['x-amz-checksum-mode'] === 'ENABLED' ? { 'x-amz-checksum-sha256': checksum } : {}),
      'content-disposition': url.searchParams.get('response-content-disposition') ?? '',
    },
    content: method === 'HEAD' ? undefined : content,
  };
};

/** What S3 does for us, on a port of its own: keeps what is put, and refuses what is not signed for exactly this request. */
export const startS3 = async () => {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://host');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (url.searchParams.get('X-Amz-Signature') !== signatureOf(request)) return void response.writeHead(403).end();
    const { status, headers = {}, content } = answerOf(request, url, Buffer.concat(chunks), objects);
    response.writeHead(status, headers).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket`;
  return { url, objects, stop: () => void server.close() };
};

import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeS3ObjectStore } from '#adapters/s3/s3-object-store';
import type { Artifact } from '#domain/artifact/artifact';
import { NOON } from '#test/support/a-session';
import { sha256Of } from '#test/support/objects-in-memory';

const SECRET = 'secret';
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
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${SECRET}`, date));
  return hmac(key, text.join('\n')).toString('hex');
};

/** What the service answers to a request whose signature fits. */
const answerOf = (request: IncomingMessage, url: URL, body: Buffer, objects: Map<string, Buffer>) => {
  if (request.method === 'PUT') {
    objects.set(url.pathname, body);
    return { status: 200, headers: {}, content: undefined };
  }
  const prefix = url.searchParams.get('prefix');
  if (prefix !== null) {
    const names = [...objects.keys()]
      .map((path) => path.slice('/bucket/'.length))
      .filter((key) => key.startsWith(prefix));
    const some = names.slice(0, Number(url.searchParams.get('max-keys')));
    const content = `<ListBucketResult>${some.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
    return { status: 200, headers: {}, content };
  }
  const found = objects.get(url.pathname);
  if (request.method === 'DELETE' && !url.pathname.endsWith('BROKEN')) {
    objects.delete(url.pathname);
    return { status: found ? 204 : 404, headers: {}, content: undefined };
  }
  if (found === undefined) return { status: 404, headers: {}, content: undefined };
  const checksum = createHash('sha256').update(found).digest('base64');
  const headers = {
    'content-length': found.length,
    ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' ? { 'x-amz-checksum-sha256': checksum } : {}),
    'content-disposition': url.searchParams.get('response-content-disposition') ?? '',
  };
  const status = url.pathname.endsWith('BROKEN') ? 500 : 200;
  return { status, headers, content: request.method === 'HEAD' ? undefined : found };
};

/** Keeps what is put, and refuses what is not signed for exactly this request. */
const startStorage = async (): Promise<{ server: Server; url: string; objects: Map<string, Buffer> }> => {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://host');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (url.searchParams.get('X-Amz-Signature') !== signatureOf(request)) return void response.writeHead(403).end();
    const { status, headers, content } = answerOf(request, url, Buffer.concat(chunks), objects);
    response.writeHead(status, headers).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket`, objects };
};

const content = 'hello world';
const artifact = (fields: Partial<Artifact> = {}): Artifact => ({
  id: 'ARTIFACT',
  sessionId: 'SESSION',
  attempt: 1,
  assignmentId: 'ASSIGNMENT',
  path: 'out/rap"port (1).html',
  sizeBytes: content.length,
  mimeType: 'text/html',
  sha256: sha256Of(content),
  createdAt: NOON,
  revision: 1,
  ...fields,
});

describe('object storage', () => {
  const world = {} as { storage: Awaited<ReturnType<typeof startStorage>> };
  beforeAll(async () => {
    world.storage = await startStorage();
  });
  afterAll(() => world.storage.server.close());

  const objects = (tenantId = 'TENANT', sessionToken?: string) => {
    const credentials = async () => ({
      accessKeyId: 'key',
      secretAccessKey: SECRET,
      ...(sessionToken ? { sessionToken } : {}),
    });
    return makeS3ObjectStore({ bucketUrl: world.storage.url, region: 'eu-central-1', credentials }, tenantId);
  };
  const upload = async (one: Artifact, body = content, headers = {}) => {
    const { url, headers: wanted } = await objects().presignUpload(one, 900);
    return fetch(url, { method: 'PUT', body, headers: { ...wanted, ...headers } });
  };

  it('takes a file under the tenant, says what it has, and gives it back as an attachment', async () => {
    expect((await upload(artifact())).status).toBe(200);
    expect([...world.storage.objects.keys()]).toEqual(['/bucket/TENANT/SESSION/ARTIFACT']);
    expect(await objects().describe(artifact())).toEqual({ sizeBytes: 11, sha256: sha256Of(content) });
    const answer = await fetch(await objects('TENANT', 'session/token==').presignDownload(artifact(), 300));
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="rap_port__1_.html"');
    expect(await answer.text()).toBe(content);
  });

  it('signs for exactly the announced bytes', async () => {
    const other = artifact({ id: 'OTHER' });
    expect((await upload(other, `${content}!`)).status).toBe(403);
    expect((await upload(other, content, { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await upload(other, content, { 'x-amz-checksum-sha256': 'AAAA' })).status).toBe(403);
    expect(await objects().describe(other)).toBeUndefined();
  });

  it('has nothing of another tenant', async () => {
    await upload(artifact());
    expect(await objects('OTHER').describe(artifact())).toBeUndefined();
  });

  it('keeps texts under their names, and says what a session has', async () => {
    const name = { sessionId: 'OTHERS', id: 'checkpoint-1-a' };
    expect(await objects().readText(name)).toBeUndefined();
    await objects().writeText(name, '{"é":1}');
    await objects().writeText({ ...name, id: 'checkpoint-2-b' }, '{}');
    expect(await objects().readText(name)).toBe('{"é":1}');
    expect(await objects('OTHER').readText(name)).toBeUndefined();
    expect(await objects().list('OTHERS', 9)).toEqual([name, { ...name, id: 'checkpoint-2-b' }]);
    expect(await objects().list('OTHERS', 1)).toHaveLength(1);
    expect(await objects().list('NOBODY', 9)).toEqual([]);
    expect(await objects('OTHER').list('OTHERS', 9)).toEqual([]);
  });

  it('removes a file, once and for good', async () => {
    const gone = artifact({ id: 'GONE' });
    await upload(gone);
    await objects('OTHER').remove(gone);
    expect(await objects().describe(gone)).toBeDefined();
    await objects().remove(gone);
    await objects().remove(gone);
    expect(await objects().describe(gone)).toBeUndefined();
  });

  it('that fails is a fault, not an absent file', async () => {
    const broken = artifact({ id: 'BROKEN' });
    await upload(broken);
    await expect(objects().describe(broken)).rejects.toThrow('500');
    await expect(objects().remove(broken)).rejects.toThrow('500');
  });
});

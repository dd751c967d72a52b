import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeS3ObjectStore } from '#adapters/s3/s3-object-store';
import type { Artifact } from '#domain/artifact/artifact';
import { NOON } from '#test/support/a-session';
import { sha256Of } from '#test/support/objects-in-memory';
import { S3_SECRET, startS3 } from '#test/support/s3-stand-in';

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
  const world = {} as { storage: Awaited<ReturnType<typeof startS3>> };
  beforeAll(async () => {
    world.storage = await startS3();
  });
  afterAll(() => world.storage.stop());

  const objects = (tenantId = 'TENANT', sessionToken?: string) => {
    const credentials = async () => ({
      accessKeyId: 'key',
      secretAccessKey: S3_SECRET,
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

  it('that refuses is a fault to whoever may find names, and has nothing for anybody else', async () => {
    const place = {
      ...{ bucketUrl: world.storage.url, region: 'eu-central-1' },
      credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'wrong' }),
    };
    const name = { sessionId: 'SESSION', id: 'ARTIFACT' };
    expect(await makeS3ObjectStore(place, 'TENANT').readText(name)).toBeUndefined();
    const listing = { mayList: true };
    await expect(makeS3ObjectStore(place, 'TENANT', listing).readText(name)).rejects.toThrow('403');
    const trusted = {
      ...place,
      credentials: async () => ({ accessKeyId: 'key', secretAccessKey: S3_SECRET }),
    };
    expect(await makeS3ObjectStore(trusted, 'TENANT', listing).readText({ ...name, id: 'NONE' })).toBeUndefined();
  });

  it('that fails is a fault, not an absent file', async () => {
    const broken = artifact({ id: 'BROKEN' });
    await upload(broken);
    await expect(objects().describe(broken)).rejects.toThrow('500');
    await expect(objects().remove(broken)).rejects.toThrow('500');
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { download, upload } from '#apps/runner/transfer';
import { sha256Of } from '#test/support/objects-in-memory';

/** A storage that keeps one file, or refuses all. */
const aStorage = async (status = 200) => {
  let kept = Buffer.from('');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'PUT') kept = Buffer.concat(chunks);
    response.writeHead(status, { 'x-seen': String(request.headers['x-signed']) }).end(kept);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  const announced: unknown[] = [];
  const expires_at = '2026-05-04T12:15:00.000Z';
  const calls = (sha256 = sha256Of('content')) => ({
    createArtifact: async (_: string, body: unknown) => {
      announced.push(body);
      return {
        artifact_id: 'ARTIFACT',
        upload_url: url,
        method: 'PUT' as const,
        headers: { 'x-signed': 'yes' },
        expires_at,
      };
    },
    getArtifact: async () => ({ artifact_id: 'ARTIFACT', download_url: url, expires_at, size_bytes: 7, sha256 }),
  });
  return { calls, announced };
};

const file = { path: 'iorch.bundle', mimeType: 'application/x-git-bundle', content: Buffer.from('content') };
const grant = { assignmentId: 'ASSIGNMENT', fencingToken: 2, signal: new AbortController().signal };

describe('a file of an assignment', () => {
  it('is announced, uploaded and comes back', async () => {
    const { calls, announced } = await aStorage();
    expect(await upload(calls(), grant, file)).toBe('ARTIFACT');
    expect(announced).toEqual([
      {
        fencing_token: 2,
        path: 'iorch.bundle',
        mime_type: 'application/x-git-bundle',
        size_bytes: 7,
        sha256: sha256Of('content'),
      },
    ]);
    expect((await download(calls(), 'ASSIGNMENT', 'ARTIFACT')).toString()).toBe('content');
  });

  it('that is another one than announced is not used', async () => {
    const { calls } = await aStorage();
    await upload(calls(), grant, file);
    await expect(download(calls(sha256Of('other')), 'ASSIGNMENT', 'ARTIFACT')).rejects.toThrow(
      'not what was announced',
    );
  });

  it('that storage refuses is a failure that may pass', async () => {
    const { calls } = await aStorage(503);
    await expect(upload(calls(), grant, file)).rejects.toMatchObject({ code: 'UPSTREAM_ERROR', retryable: true });
    await expect(download(calls(), 'ASSIGNMENT', 'ARTIFACT')).rejects.toMatchObject({ code: 'UPSTREAM_ERROR' });
  });
});

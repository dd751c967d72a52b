import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aSessionAnswer, cliWorld, sessionId } from '#test/apps/cli/cli-world';
import type { Responder } from '#test/support/fake-api';

const artifactId = '01JD8X5YB2M0Q4V6T8W1Z3C5EA';
const created_at = '2026-05-01T12:00:00.000Z';
const session = `/api/v1/sessions/${sessionId}`;

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

/** A list that comes in two pages. */
const inPages =
  (...items: [object, object]): Responder =>
  ({ query }) => ({ body: query['cursor'] ? { items: [items[1]] } : { items: [items[0]], next_cursor: 'next' } });

it('start queues a session that was created without', async () => {
  const { iorch, api, out } = await open(() => ({ body: aSessionAnswer() }));
  expect(await iorch('session', 'start', sessionId)).toBe(0);
  expect(api.seen).toMatchObject([{ method: 'POST', path: `${session}/start`, body: {} }]);
  expect(api.seen[0]?.headers['idempotency-key']).toMatch(/.{20}/);
  expect(out()).toBe(`session ${sessionId} queued`);
});

it('attempts lists every attempt', async () => {
  const attempt = {
    agent_ids: [],
    grants: 1,
    active_seconds: 12.3,
    tokens_used: 1,
    cost_usd: 0,
    started_at: created_at,
  };
  const error = { code: 'LEASE_EXPIRED', message: 'the agent\nwent away' };
  const { iorch, api, out } = await open(
    inPages(
      { ...attempt, attempt: 2, automatic: true, from_checkpoint: 3 },
      { ...attempt, attempt: 1, automatic: false, outcome: 'failed', ended_at: created_at, success_rate: 0.5, error },
    ),
  );
  expect(await iorch('session', 'attempts', sessionId)).toBe(0);
  expect(api.seen.map(({ path: asked }) => asked)).toEqual([`${session}/attempts`, `${session}/attempts`]);
  expect(out().split('\n')).toEqual([
    'ATTEMPT  OUTCOME  RATE   AGE  WORKED  GRANTS  USAGE           FROM          ERROR',
    '      2  goes on        30 s  12.3 s       1  1 token, $0.00  checkpoint 3',
    '      1  failed   50 %  30 s  12.3 s       1  1 token, $0.00                LEASE_EXPIRED: the agent\\nwent away',
  ]);
});

it('checkpoints lists every checkpoint, with the id that retry takes', async () => {
  const checkpoint = { attempt: 1, state_hash: 'x', size_bytes: 1234, created_at, created_by: 'x' };
  const { iorch, out } = await open(
    inPages(
      { ...checkpoint, id: artifactId, sequence: 2, trigger: 'manual' },
      { ...checkpoint, id: sessionId, sequence: 1, trigger: 'manual' },
    ),
  );
  expect(await iorch('session', 'checkpoints', sessionId)).toBe(0);
  expect(out().split('\n')).toEqual([
    'ID                          NUMBER  ATTEMPT   AGE         SIZE  MADE',
    `${artifactId}       2        1  30 s  1,234 bytes  manual`,
    `${sessionId}       1        1  30 s  1,234 bytes  manual`,
  ]);
});

describe('artifacts', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'iorch-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const content = '<h1>report</h1>';
  const artifact = {
    ...{ id: artifactId, attempt: 1, assignment_id: sessionId, path: 'out/report.html', size_bytes: content.length },
    ...{ mime_type: 'text/html', sha256: createHash('sha256').update(content).digest('hex'), created_at },
  };

  /** The API with one artifact, and the object storage behind it. */
  const withStorage = async (overrides: Partial<typeof artifact> = {}) => {
    const storage = createServer((_, response) => response.end(content));
    await new Promise<void>((listening) => storage.listen(0, '127.0.0.1', listening));
    const download_url = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/`;
    const opened = await open(({ path: asked }) => ({
      body: asked === `${session}/artifacts` ? { items: [{ ...artifact, ...overrides }] } : { download_url },
    }));
    return { ...opened, close: () => storage.close() };
  };

  it('lists the files of an attempt', async () => {
    const { iorch, api, out, close } = await withStorage();
    close();
    expect(await iorch('session', 'artifacts', sessionId, '--attempt', '1')).toBe(0);
    expect(api.seen).toMatchObject([{ path: `${session}/artifacts`, query: { attempt: '1' } }]);
    expect(out().split('\n')).toEqual([
      'ID                          ATTEMPT      SIZE  TYPE       PATH',
      `${artifactId}        1  15 bytes  text/html  out/report.html`,
    ]);
  });

  it('downloads them into a new folder', async () => {
    const { iorch, out, close } = await withStorage();
    const to = path.join(folder, 'new');
    expect(await iorch('session', 'artifacts', sessionId, '--to', to)).toBe(0);
    close();
    expect(out()).toBe(path.join(to, 'out/report.html'));
    expect(readFileSync(path.join(to, 'out/report.html'), 'utf8')).toBe(content);
  });

  it('downloads nothing into a folder that holds something', async () => {
    const { iorch, err, close } = await withStorage();
    close();
    writeFileSync(path.join(folder, 'mine'), '');
    expect(await iorch('session', 'artifacts', sessionId, '--to', folder)).toBe(2);
    expect(err()).toContain('is not empty');
  });

  it.each([
    ['a name that leads elsewhere', { path: '../report.html' }, 2, 'leads out of the folder'],
    ['other bytes than were announced', { sha256: '0'.repeat(64) }, 4, 'other bytes'],
  ])('keeps nothing of %s', async (_, overrides, code, message) => {
    const { iorch, err, close } = await withStorage(overrides);
    const to = path.join(folder, 'new');
    expect(await iorch('session', 'artifacts', sessionId, '--to', to)).toBe(code);
    close();
    expect(err()).toContain(message);
    expect(() => readFileSync(path.join(to, artifact.path))).toThrow('ENOENT');
    expect(() => readFileSync(path.join(folder, 'report.html'))).toThrow('ENOENT');
  });
});

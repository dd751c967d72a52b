import { afterEach, expect, it } from 'vitest';
import type { SessionDiff } from '#contracts/session-result';
import { aDiffAnswer, aResultAnswer, aSessionAnswer, cliWorld, sessionId } from '#test/apps/cli/cli-world';
import type { Responder } from '#test/support/fake-api';

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};
const path = `/api/v1/sessions/${sessionId}`;

it('list prints a table, newest first as the API gave them, and how to get the next page', async () => {
  const item = { ...aSessionAnswer({ status: 'completed', success_rate: 0.75 }), tokens_used: 1, cost_usd: 0 };
  const { iorch, out, err, api } = await open(() => ({ body: { items: [item], next_cursor: 'abc' } }));
  expect(await iorch('session', 'list', '--status', 'completed,failed', '--limit', '1')).toBe(0);
  expect(api.seen[0]).toMatchObject({ path: '/api/v1/sessions', query: { status: 'completed,failed', limit: '1' } });
  expect(out().split('\n')).toEqual([
    'ID                          STATUS     RATE   AGE  TITLE',
    `${sessionId}  completed  75 %  30 s  Greet`,
  ]);
  expect(err()).toBe('more: iorch session list --status completed,failed --limit 1 --cursor abc');
});

it.each([
  [['--cursor', 'old', '--tag', 'a'], '--tag a --cursor abc'],
  [['--cursor=old'], '--cursor abc'],
  [['--search', "it's here; $HOME"], "--search 'it'\\''s here; $HOME' --cursor abc"],
])('list with %j goes on with %s', async (options, expected) => {
  const { iorch, err } = await open(() => ({ body: { items: [], next_cursor: 'abc' } }));
  await iorch('session', 'list', ...options);
  expect(err()).toBe(`more: iorch session list ${expected}`);
});

it('list hands every filter to the API', async () => {
  const { iorch, api } = await open(() => ({ body: { items: [] } }));
  const filters = { type: 'review', priority: 'high,low', search: 'ada', parent: 'none', 'created-by': 'ME' };
  const options = Object.entries(filters).flatMap(([name, value]) => [`--${name}`, value]);
  const times = ['--since', '2026-05-04T12:00:00Z', '--until', '2026-05-05T12:00:00Z'];
  expect(await iorch('session', 'list', ...options, ...times, '--tag', 'a', '--tag', 'b', '--deleted')).toBe(0);
  expect(api.seen[0]?.query).toEqual({
    session_type: 'review',
    priority: 'high,low',
    search: 'ada',
    parent_id: 'none',
    created_by: 'ME',
    created_from: '2026-05-04T12:00:00Z',
    created_to: '2026-05-05T12:00:00Z',
    tags: 'a,b',
    include_deleted: 'true',
  });
});

it('update sends what was named and shows the session', async () => {
  const { iorch, api, out } = await open(() => ({ body: aSessionAnswer({ title: 'Greet Ada' }) }));
  const options = [
    '--title',
    'Greet Ada',
    '--description',
    '',
    '--priority',
    'high',
    '--tag',
    'a',
    '--max-duration',
    '90',
  ];
  expect(await iorch('session', 'update', sessionId, ...options)).toBe(0);
  const body = { title: 'Greet Ada', description: null, priority: 'high', tags: ['a'], max_duration_seconds: 90 };
  expect(api.seen).toMatchObject([{ method: 'PATCH', path, body }]);
  expect(out()).toContain('Greet Ada');
});

it('delete says that it is gone, in both ways', async () => {
  const { iorch, api, out } = await open(() => ({ status: 204, body: null }));
  expect(await iorch('session', 'delete', sessionId)).toBe(0);
  expect(api.seen).toMatchObject([{ method: 'DELETE', path }]);
  expect(out()).toBe(`session ${sessionId} deleted`);
  expect(await iorch('session', 'delete', sessionId, '--json')).toBe(0);
  expect(out()).toContain('"deleted": true');
});

it('get prints what is known', async () => {
  const { iorch, out } = await open(() => ({
    body: aSessionAnswer({ status: 'running', activity: 'waiting_for_agent', waiting_reason: 'capable' }),
  }));
  expect(await iorch('session', 'get', sessionId)).toBe(0);
  expect(out()).toMatch(/status +running waiting for agent/);
  expect(out()).toMatch(/waits for +an agent with all required capabilities/);
  expect(out()).not.toContain('ended');
});

it.each([
  [{ position: 3, ahead: 2, estimated_wait_seconds: 90 }, '2 ahead, about 1 min 30 s to wait'],
  [{ position: 1, ahead: 0 }, '0 ahead'],
  [{}, 'waits'],
])('get of a session with the place %j says %s', async (place, text) => {
  const at = '2026-05-01T12:00:00.000Z';
  const queue = { ...place, waiting_since: at, expires_at: at, reason: 'slot' } as const;
  const { iorch, out } = await open(() => ({ body: aSessionAnswer({ queue }) }));
  await iorch('session', 'get', sessionId);
  expect(out()).toContain(text);
});

it('logs prints the lines of every page of the attempt asked for', async () => {
  const line = (log_seq: number) => ({
    log_seq,
    level: 'warning',
    source: 'git',
    message: `m${log_seq}`,
    logged_at: '2026-05-01T12:00:00.000Z',
  });
  const { iorch, out, api } = await open(({ query }) => ({
    body: query['cursor'] ? { items: [line(2)] } : { items: [line(1)], next_cursor: 'next' },
  }));
  expect(await iorch('session', 'logs', sessionId, '--attempt', '2')).toBe(0);
  expect(api.seen.map(({ query }) => query)).toMatchObject([{ attempt: '2' }, { attempt: '2', cursor: 'next' }]);
  expect(out()).toMatch(/git {8}warning: m1\n.*git {8}warning: m2$/);
});

it('events prints what happened', async () => {
  const event = {
    type: 'session.completed',
    payload: { session_id: sessionId, attempt: 1 },
    timestamp: '2026-05-01T12:00:00.000Z',
    seq: 1,
    stream: 's',
    room: 'r',
    tenant_id: 't',
    event_id: 'e',
  };
  const { iorch, out } = await open(() => ({ body: { items: [event] } }));
  await iorch('session', 'events', sessionId);
  expect(out()).toMatch(/completed {2}attempt=1$/);
});

it('result prints the report', async () => {
  const { iorch, out } = await open(({ path: asked }) => {
    if (asked === path) return { body: aSessionAnswer({ status: 'completed', success_rate: 1 }) };
    return { body: asked.endsWith('/diff') ? aDiffAnswer() : aResultAnswer({ pushed: true }) };
  });
  expect(await iorch('session', 'result', sessionId)).toBe(0);
  expect(out()).toContain(`iorch/${sessionId} (pushed)`);
});

const diff = async (answer: Partial<SessionDiff>, ...args: string[]) => {
  const { iorch, out, err } = await open(() => ({ body: aDiffAnswer(answer) }));
  expect(await iorch('session', 'diff', sessionId, ...args)).toBe(0);
  return { out: out(), err: err() };
};

it('diff prints the patch and nothing else', async () => {
  expect(await diff({ diff: 'diff --git a/x b/x\n+1\n' })).toEqual({ out: 'diff --git a/x b/x\n+1', err: '' });
});

it('diff prints only the files with --stat, and when the patch was too large to keep', async () => {
  expect(await diff({}, '--stat')).toMatchObject({
    out: expect.stringContaining('1 file changed, 3 added, 0 deleted'),
  });
  await world?.api.close();
  const { out, err } = await diff({ diff: undefined, cut: true } as Partial<SessionDiff>);
  expect(out).toContain('src/hello.js (added)');
  expect(err).toContain('too large');
});

it('diff says on standard error when there is none', async () => {
  expect(await diff({ available: false, files: [] })).toEqual({ out: '', err: 'iorch: the session has no diff yet.' });
});

it('cancel sends the reason', async () => {
  const { iorch, api, out } = await open(() => ({ body: aSessionAnswer({ status: 'cancelled' }) }));
  expect(await iorch('session', 'cancel', sessionId, '--reason', 'changed my mind')).toBe(0);
  expect(api.seen).toMatchObject([{ method: 'POST', path: `${path}/cancel`, body: { reason: 'changed my mind' } }]);
  expect(out()).toBe(`session ${sessionId} cancelled`);
});

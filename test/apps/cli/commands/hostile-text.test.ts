import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aDiffAnswer, aResultAnswer, aSessionAnswer, cliWorld, sessionId } from '#test/apps/cli/cli-world';
import { aProblem, type Responder } from '#test/support/fake-api';

beforeEach(() => void vi.stubEnv('TZ', 'UTC'));
afterEach(() => vi.unstubAllEnvs());

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());

const at = '2026-05-01T12:00:00.000Z';
/** Clears a screen, sets a title, turns text around, and begins a line of its own. */
const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b1m\u202e\nforged';
const shown = '\\u001b[2J\\u001b]0;owned\\u0007\\u009b1m\\u202e\\nforged';

/** An API of which every text that an agent writes is hostile. */
const respond: Responder = ({ path }) => {
  if (path.endsWith('/logs')) {
    return { body: { items: [{ log_seq: 1, level: 'info', source: hostile, message: hostile, logged_at: at }] } };
  }
  if (path.endsWith('/events')) {
    const event = { type: `session.${hostile}`, payload: { title: hostile }, timestamp: at, seq: 1 };
    return { body: { items: [event] } };
  }
  if (path.endsWith('/result')) {
    const failed = { name: hostile, passed: false, weight: 1, exit_code: 1, duration_ms: 1, output: hostile };
    const result = { summary: hostile, result_branch: hostile, model: hostile, verification: [failed] };
    return { body: aResultAnswer(result) };
  }
  if (path.endsWith('/diff')) {
    return { body: aDiffAnswer({ files: [{ path: hostile, status: 'modified', additions: 1, deletions: 0 }] }) };
  }
  const error = { code: hostile, message: hostile, type: 'agent', retryable: false, at } as const;
  const session = aSessionAnswer({ status: 'failed', ended_at: at, title: hostile, error });
  return { body: path === '/api/v1/sessions' ? { items: [session] } : session };
};

it.each([['logs'], ['logs', '--follow'], ['events'], ['result'], ['get'], ['diff', '--stat'], ['list']])(
  'session %s shows what an agent wrote without obeying it',
  async (command, ...options) => {
    world = await cliWorld(respond);
    await world.iorch('session', command, ...(command === 'list' ? [] : [sessionId]), ...options);
    const printed = world.out();
    expect(printed).toContain(shown.split('\\n')[0]);
    expect(printed.match(/(?!\n)[\p{Cc}\p{Bidi_C}]/gu)).toBeNull();
    expect(printed).not.toMatch(/^forged/m);
  },
);

it('a message of several lines keeps them below each other', async () => {
  const line = { log_seq: 1, level: 'info', source: 'agent', message: 'Done.\n12:00:09  status', logged_at: at };
  world = await cliWorld(() => ({ body: { items: [line] } }));
  await world.iorch('session', 'logs', sessionId);
  expect(world.out()).toBe(`12:00:00  agent      Done.\n${' '.repeat(21)}12:00:09  status`);
});

it('a refusal obeys nothing either', async () => {
  const body = aProblem({ status: 404, code: 'SESSION_NOT_FOUND', detail: 'there is no \u001b[2J' });
  world = await cliWorld(() => ({ status: 404, body }));
  await world.iorch('session', 'get', sessionId);
  expect(world.err()).toContain('there is no \\u001b[2J');
});

it('--json is the answer itself', async () => {
  world = await cliWorld(respond);
  await world.iorch('session', 'get', sessionId, '--json');
  expect(JSON.parse(world.out())).toMatchObject({ title: hostile, error: { message: hostile } });
});

it.each([
  ['for a program is the patch itself', undefined, '+\u001b[2J\r\n+a'],
  ['for a person obeys nothing', 80, '+\\u001b[2J\\r\n+a'],
])('a diff %s', async (_, columns, expected) => {
  const patch = aDiffAnswer({ diff: '+\u001b[2J\r\n+a\n' });
  world = await cliWorld(() => ({ body: patch }), '', undefined, columns);
  await world.iorch('session', 'diff', sessionId);
  expect(world.out()).toBe(expected);
});

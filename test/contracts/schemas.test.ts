import { describe, expect, it } from 'vitest';
import { WorkEvent } from '#contracts/assignment';
import { SubmitResultRequest } from '#contracts/assignment-result';
import { CreateSessionRequest } from '#contracts/session';
import { fromWire, toWire } from '#contracts/wire-case';
import { Workspace } from '#contracts/workspace';

const session = (fields: object) =>
  CreateSessionRequest.safeParse({ title: 'Say hello', prompt: 'Do it.', ...fields }).success;
const workspace = (fields: object) =>
  Workspace.safeParse({ repository_url: 'https://example.com/shop.git', ...fields }).success;

describe('the request that creates a session', () => {
  it.each([
    ['x', true],
    ['x'.repeat(200), true],
    ['', false],
    ['   ', false],
    ['x'.repeat(201), false],
    [' UnTitled ', false],
    ['Untitled 2', true],
    ['two\nlines', false],
    ['😀'.repeat(200), true],
  ])('takes the title %j: %s', (title, isTaken) => {
    expect(session({ title })).toBe(isTaken);
  });

  it('takes prompts of up to 32,000 characters that are not blank', () => {
    expect(session({ prompt: 'x'.repeat(32_000) })).toBe(true);
    expect(session({ prompt: 'x'.repeat(32_001) })).toBe(false);
    expect(session({ prompt: ' \n ' })).toBe(false);
  });

  it.each([
    [{ agent_config: { 'a b': 1 } }],
    [{ tags: ['one', 'one'] }],
    [{ tags: ['-x'] }],
    [{ model_identifier: 'no-provider' }],
    [{ required_capabilities: ['x-own'] }],
    [{ max_duration_seconds: 59 }],
    [{ metadata: { a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } } }],
    [{ metadata: { a: 'x'.repeat(17_000) } }],
    [{ parent_id: 'short' }],
    [{ priority: 'urgent' }],
  ])('refuses %j', (fields) => {
    expect(session(fields)).toBe(false);
  });

  it('reads ids in lower case', () => {
    const parent_id = '01jd8x5yb2m0q4v6t8w1z3c5e7';
    expect(CreateSessionRequest.parse({ title: 'A', prompt: 'B', parent_id }).parent_id).toBe(parent_id.toUpperCase());
  });
});

describe('a workspace', () => {
  it.each([
    'https://example.com/a.git',
    'ssh://git@example.com/a.git',
    'git@example.com:a/b.git',
    'git://example.com/a',
    'file:///srv/a.git',
  ])('takes the repository %s', (repository_url) => {
    expect(workspace({ repository_url })).toBe(true);
  });

  it.each([
    'https://u:p@example.com/a.git',
    'https://token@example.com/a.git',
    'http://example.com/a',
    '/srv/a',
    'ext::sh -c x',
    '--upload-pack=x',
    'https://user:secret@host:port/repo',
    'https://u:p@ho%st/x',
  ])('refuses the repository %s', (repository_url) => {
    expect(workspace({ repository_url })).toBe(false);
  });

  it.each([
    { subdirectory: '/etc' },
    { ref: 'a..b' },
    { verify: [{ name: 'tests', run: ' \n' }] },
    { setup: [{ name: 'install', run: '\t' }] },
    {
      verify: [
        { name: 'tests', run: 'true' },
        { name: 'tests', run: 'false' },
      ],
    },
    { subdirectory: 'a/../../b' },
    { ref: '-x' },
    { ref: 'a b' },
    { result_branch: 'a..b' },
    { result_branch: '-x' },
    { result_branch: 'a.lock' },
    { permissions: { bash: 'ask' } },
    { permissions: { fly: 'allow' } },
  ])('refuses %j', (fields) => {
    expect(workspace(fields)).toBe(false);
  });

  it('fills in what is not said', () => {
    expect(
      Workspace.parse({ repository_url: 'https://example.com/a', verify: [{ name: 'tests', run: 'npm test' }] }),
    ).toMatchObject({
      push: 'never',
      verify_policy: 'require',
      subdirectory: '.',
      permissions: { '*': 'allow', question: 'deny' },
      verify: [{ timeout_seconds: 600, weight: 1 }],
    });
  });
});

describe('what an agent sends', () => {
  it('may hold fields that nobody knows', () => {
    const event = { type: 'started', event_seq: 1, timestamp: '2026-11-20T12:00:00Z', new_field: 1 };
    expect(WorkEvent.parse(event)).not.toHaveProperty('new_field');
  });

  it('is cut where a log line is too long', () => {
    const event = {
      type: 'log',
      event_seq: 1,
      timestamp: '2026-11-20T12:00:00Z',
      level: 'info',
      message: 'x'.repeat(9000),
    };
    const parsed = WorkEvent.parse(event) as { message: string };
    expect(parsed.message).toHaveLength(8192);
    expect(parsed.message.endsWith('…[cut]')).toBe(true);
  });

  it('needs a message with a failure', () => {
    const result = { task_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E7', status: 'failed', fencing_token: 1 };
    expect(SubmitResultRequest.safeParse(result).success).toBe(false);
    expect(SubmitResultRequest.parse({ ...result, error_message: 'no' })).toMatchObject({
      retryable: true,
      output_data: { verification: [] },
    });
  });
});

describe('the case of names', () => {
  it('changes on the way in and back, but not inside what belongs to the client', () => {
    const wire = { max_duration_seconds: 1, metadata: { my_key: { in_side: 1 } }, list: [{ exit_code: null }] };
    const inside = fromWire(wire);
    expect(inside).toEqual({ maxDurationSeconds: 1, metadata: { my_key: { in_side: 1 } }, list: [{ exitCode: null }] });
    expect(toWire(inside)).toEqual(wire);
  });
});

describe('usage in a report', () => {
  const metrics = (usage: object) =>
    WorkEvent.safeParse({ type: 'metrics', event_seq: 1, timestamp: '2026-05-04T12:00:00.000Z', ...usage }).success;

  it.each([
    ['input_tokens', 1e12],
    ['cache_read_tokens', 1e12],
    ['api_calls', 1e12],
    ['cost_usd', 1e9],
  ])('takes %s up to %d, and no more', (name, most) => {
    expect(metrics({ [name]: most })).toBe(true);
    expect(metrics({ [name]: most + 1 })).toBe(false);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { aProblem, type Responder } from '#test/support/fake-api';
import { aSessionAnswer, cliWorld, sessionId } from './cli-world.ts';

type World = Awaited<ReturnType<typeof cliWorld>>;
let world: World | undefined;
afterEach(() => world?.api.close());

const open = async (respond?: Responder, stdin?: string) => {
  world = await cliWorld(respond, stdin);
  return world;
};

describe('the exit code', () => {
  it.each([
    [422, 'VALIDATION_ERROR', 2],
    [404, 'SESSION_NOT_FOUND', 2],
    [401, 'UNAUTHENTICATED', 3],
    [403, 'FORBIDDEN', 3],
    [409, 'INVALID_TRANSITION', 3],
    [429, 'QUOTA_EXCEEDED', 3],
    [500, 'INTERNAL_ERROR', 4],
    [503, 'TIMEOUT', 4],
  ])('of a refusal with status %d (%s) is %d', async (status, code, expected) => {
    const { iorch } = await open(() => ({ status, body: aProblem({ status, code }) }));
    expect(await iorch('session', 'get', sessionId)).toBe(expected);
  });

  it('is 4 where nothing listens', async () => {
    const { iorch, env, err } = await open();
    env['IORCH_API_URL'] = 'http://127.0.0.1:1';
    expect(await iorch('whoami')).toBe(4);
    expect(err()).toContain('npm start');
  });

  it('is 4 where something else answers', async () => {
    const { iorch } = await open(() => ({ status: 502, body: { message: 'Bad Gateway' } }));
    expect(await iorch('whoami')).toBe(4);
  });

  it.each([
    [['session', 'get']],
    [['unknown']],
    [['run', 'x', '--unknown']],
    [['session', 'list', '--limit', 'many']],
    [['run']],
  ])('is 2 for the wrong use %j', async (args) => {
    const { iorch, api } = await open();
    expect(await iorch(...args)).toBe(2);
    expect(api.seen).toEqual([]);
  });

  it('is 0 for help and version', async () => {
    const { iorch, out } = await open();
    expect([await iorch('--help'), await iorch('run', '--help'), await iorch('--version')]).toEqual([0, 0, 0]);
    expect(out()).toContain('Exit codes: 0 done');
  });
});

it('a refusal shows every error, the remedy and the request on standard error', async () => {
  const problem = aProblem({
    status: 422,
    code: 'VALIDATION_ERROR',
    detail: 'the request is not valid',
    remedy: 'Correct the named fields.',
    errors: [{ path: '/title', message: 'must have 1 to 200 characters' }],
  });
  const { iorch, out, err } = await open(() => ({ status: 422, body: problem }));
  expect(await iorch('run', 'Greet')).toBe(2);
  expect(out()).toBe('');
  expect(err().split('\n')).toEqual([
    'iorch: the request is not valid',
    '  /title: must have 1 to 200 characters',
    '  → Correct the named fields.',
    '  (VALIDATION_ERROR, request 01JD8X5YB2M0Q4V6T8W1Z3C5E7)',
  ]);
});

it.each([
  [[{ path: '/title', message: 'is required' }], ['iorch: /title: is required']],
  [
    [
      { path: '/title', message: 'is required' },
      { path: '', message: 'is too large' },
    ],
    ['iorch: Validation error', '  /title: is required', '  /: is too large'],
  ],
])('a refusal says %j once', async (errors, expected) => {
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  const body = aProblem({ status: 422, code: 'VALIDATION_ERROR', title: 'Validation error', detail, errors });
  const { iorch, err } = await open(() => ({ status: 422, body }));
  await iorch('run', 'Greet');
  expect(err().split('\n').slice(0, expected.length)).toEqual(expected);
  expect(err().match(/is required/g)).toHaveLength(1);
});

describe('iorch run', () => {
  const created: Responder = ({ method }) => (method === 'POST' ? { status: 201, body: aSessionAnswer() } : undefined);

  it('creates and starts a session, once however often the request is sent', async () => {
    const { iorch, api, out } = await open(created);
    expect(await iorch('run', 'Greet people\nand test it', '--model', 'a/b', '--title', 'Greeting')).toBe(0);
    expect(api.seen).toMatchObject([
      {
        path: '/api/v1/sessions',
        headers: { authorization: 'Bearer iorch_test_key', 'idempotency-key': expect.stringMatching(/.{20}/) },
        body: { title: 'Greeting', prompt: 'Greet people\nand test it', start: true, model_identifier: 'a/b' },
      },
    ]);
    expect(out()).toContain(`iorch session logs ${sessionId} --follow`);
  });

  it('takes its title from the prompt', async () => {
    const { iorch, api } = await open(created);
    await iorch('run', 'Greet people\nand test it');
    await iorch('run', 'untitled');
    expect(api.seen).toMatchObject([{ body: { title: 'Greet people' } }, { body: { title: 'Prompt: untitled' } }]);
  });

  it('hands over tags', async () => {
    const { iorch, api, out } = await open(created);
    await iorch('run', 'Greet', '--tag', 'no-training', '--tag', 'greeting');
    expect(api.seen[0]?.body).toMatchObject({ tags: ['no-training', 'greeting'] });
    await iorch('run', '--help');
    expect(out()).toContain('no-training keeps');
  });

  it('hands over the workspace', async () => {
    const { iorch, api } = await open(created);
    const options = [
      '--verify',
      'npm test',
      '--verify',
      'npm run lint',
      '--setup',
      'npm ci',
      '--subdirectory',
      'app',
      '--push',
    ];
    await iorch('run', 'Greet', '--repo', 'https://example.com/a.git', '--ref', 'v1', ...options);
    expect(api.seen[0]?.body).toMatchObject({
      workspace: {
        repository_url: 'https://example.com/a.git',
        ref: 'v1',
        subdirectory: 'app',
        setup: [{ name: 'npm ci', run: 'npm ci' }],
        verify: [
          { name: 'npm test', run: 'npm test' },
          { name: 'npm run lint', run: 'npm run lint' },
        ],
        push: 'branch',
      },
    });
  });

  it('reads the prompt from standard input', async () => {
    const { iorch, api } = await open(created, 'from a pipe\n');
    await iorch('run', '-');
    expect(api.seen[0]?.body).toMatchObject({ prompt: 'from a pipe\n' });
  });

  it.each([
    [['run', 'Greet', '--verify', 'npm test'], '--verify needs a repository'],
    [['run', 'Greet', '--push'], '--push needs a repository'],
    [['run', 'Greet', '--prompt-file', 'x'], 'not both'],
    [['run', '--prompt-file', '/nonexistent'], 'cannot be read'],
    [['run', '  '], 'empty'],
  ])('refuses %j without asking the API', async (args, message) => {
    const { iorch, api, err } = await open(created);
    expect(await iorch(...args)).toBe(2);
    expect(err()).toContain(message);
    expect(api.seen).toEqual([]);
  });

  it('prints the session alone with --json', async () => {
    const { iorch, out } = await open(created);
    await iorch('run', 'Greet', '--json');
    expect(JSON.parse(out())).toMatchObject({ id: sessionId, status: 'queued' });
  });
});

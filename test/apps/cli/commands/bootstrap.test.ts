import { describe, expect, it } from 'vitest';
import { cliWorld } from '#test/apps/cli/cli-world';
import { aProblem, type Responder } from '#test/support/fake-api';

const at = '2026-05-01T12:00:00.000Z';
const answer = {
  admin: { id: '01JD8X5YB2M0Q4V6T8W1Z3C5E9', email: 'ada@example.com', full_name: 'Ada', role: 'admin' },
  tenant: {
    id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
    name: 'Acme',
    slug: 'acme',
    status: 'active',
    version: 1,
    created_at: at,
    created_by: 'x',
  },
  api_key: {
    id: '01JD8X5YB2M0Q4V6T8W1Z3C5EA',
    tenant_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
    name: 'first admin',
    role: 'admin',
    key_id: 'k',
    created_at: at,
    created_by: 'x',
    expires_at: at,
    key: 'iorch_live_k_s',
  },
};

const who = ['--email', 'ada@example.com', '--name', 'Ada', '--tenant', 'Acme', '--slug', 'acme'];
const accepting: Responder = ({ path }) => (path === '/api/v1/bootstrap' ? { status: 201, body: answer } : undefined);

const withWorld = async (
  respond: Responder,
  use: (world: Awaited<ReturnType<typeof cliWorld>>) => Promise<void>,
  stdin = '',
) => {
  const world = await cliWorld(respond, stdin);
  try {
    await use(world);
  } finally {
    await world.api.close();
  }
};

describe('iorch bootstrap', () => {
  it('reads the token of the stage, makes admin and tenant, and shows the key once', () =>
    withWorld(accepting, async ({ iorch, api, out, err }) => {
      expect(await iorch('bootstrap', ...who)).toBe(0);
      expect(api.seen.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
        {
          method: 'POST',
          path: '/api/v1/bootstrap',
          body: {
            bootstrap_token: 'token of prod',
            email: 'ada@example.com',
            full_name: 'Ada',
            tenant_name: 'Acme',
            tenant_slug: 'acme',
          },
        },
      ]);
      expect(out().split('\n')).toEqual([
        'admin    Ada <ada@example.com>',
        'tenant   Acme (01JD8X5YB2M0Q4V6T8W1Z3C5E8)',
        'key      iorch_live_k_s',
        `expires  ${at}`,
      ]);
      expect(err()).toContain('shown this once');
    }));

  it('sends no credential besides the token', () =>
    withWorld(accepting, async ({ iorch, api }) => {
      await iorch('bootstrap', ...who);
      expect(api.seen[0]?.headers.authorization).toBeUndefined();
    }));

  it.each([
    [['--stage', 'dev'], 'token of dev'],
    [['--token', 'mine'], 'mine'],
    [['--token', '-'], 'piped'],
  ])('takes %j as %s', (options, token) =>
    withWorld(
      accepting,
      async ({ iorch, api }) => {
        expect(await iorch('bootstrap', ...who, ...options)).toBe(0);
        expect(api.seen[0]?.body).toMatchObject({ bootstrap_token: token });
      },
      'piped\n',
    ),
  );

  it('prints the answer for programs', () =>
    withWorld(accepting, async ({ iorch, out }) => {
      await iorch('bootstrap', ...who, '--json');
      expect(JSON.parse(out())).toEqual(answer);
    }));

  it('passes on that it was done before', () =>
    withWorld(
      () => ({
        status: 409,
        body: aProblem({ status: 409, code: 'ALREADY_BOOTSTRAPPED', detail: 'there is an admin' }),
      }),
      async ({ iorch, err, out }) => {
        expect(await iorch('bootstrap', ...who)).toBe(3);
        expect(err()).toContain('there is an admin');
        expect(out()).toBe('');
      },
    ));

  it.each(['http://example.com', 'http://10.0.0.1:4566'])('does not send the token to %s in plain text', (url) =>
    withWorld(accepting, async ({ iorch, err, api }) => {
      expect(await iorch('bootstrap', ...who, '--api-url', url)).toBe(2);
      expect(err()).toContain('unencrypted');
      expect(api.seen).toEqual([]);
    }),
  );

  it('asks for the API, and for what it cannot know', () =>
    withWorld(accepting, async ({ iorch, env, err }) => {
      env['IORCH_API_URL'] = '';
      expect(await iorch('bootstrap', ...who)).toBe(2);
      expect(err()).toContain('--api-url');
      expect(await iorch('bootstrap', ...who, '--api-url', 'nowhere')).toBe(2);
      expect(err()).toContain('This is no URL: nowhere');
      expect(await iorch('bootstrap', '--email', 'ada@example.com')).toBe(2);
      expect(err()).toContain('--name');
    }));
});

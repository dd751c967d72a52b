import { expect, it } from 'vitest';
import { cliWorld } from '#test/apps/cli/cli-world';

it('whoami tells the API, the principal, the role and the tenant', async () => {
  const at = '2026-05-01T12:00:00.000Z';
  const tenant = {
    id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
    name: 'Acme',
    slug: 'acme',
    status: 'active',
    version: 1,
    created_at: at,
    created_by: 'x',
  };
  const me = {
    principal: { kind: 'service', id: 'p', name: 'build' },
    tenant,
    role: 'member',
    operations: [],
    api_version: '0.1.0',
  };
  const { iorch, out, api } = await cliWorld(({ path }) => (path === '/api/v1/me' ? { body: me } : undefined));
  try {
    expect(await iorch('whoami')).toBe(0);
    expect(out().split('\n')).toEqual([
      `api     ${api.url} (version 0.1.0)`,
      'from    IORCH_API_URL',
      'as      build (service)',
      'role    member',
      'tenant  Acme (01JD8X5YB2M0Q4V6T8W1Z3C5E8)',
    ]);
  } finally {
    await api.close();
  }
});

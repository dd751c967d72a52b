import { describe, expect, it } from 'vitest';
import { anApi, aTenant, makeAgent, makeTenant } from '#test/support/in-process-api';

const UNKNOWN = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';

describe('a credential', () => {
  it('ends with its time', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const me = () => api.call({ path: '/api/v1/me', key: keys['viewer'] });
    expect(await me()).toMatchObject({
      status: 200,
      json: { role: 'viewer', api_version: '1.2.3', principal: { kind: 'service' } },
    });
    api.clock.advance(91 * 24 * 3600);
    expect((await me()).status).toBe(401);
  });

  it('of an agent dies when the agent registers again', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
    const beat = (token: string) =>
      api.call({
        path: `/api/v1/agents/external/${agent_id}/heartbeat`,
        headers: { 'x-agent-token': token },
        body: { status: 'healthy' },
      });
    expect((await beat(auth_token)).status).toBe(200);
    const body = { protocol_version: '1.1', name: 'RUNNER-1', capabilities: ['testing'], replace: true };
    const again = await api.call({ path: '/api/v1/agents/external/register', key: keys['runner'], body });
    expect(again.json).toMatchObject({ agent_id, replaced: true });
    expect(await beat(auth_token)).toMatchObject({ status: 401, json: { code: 'INVALID_AGENT_TOKEN' } });
    expect((await beat(again.json.auth_token)).status).toBe(200);
  });

  it('is never stored', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const { auth_token } = await makeAgent(api, keys['runner'] as string);
    const stored = JSON.stringify(api.engine.items());
    // a secret may itself contain the separator, so it is found by its place from the end
    for (const text of [...Object.values(keys), auth_token]) expect(stored).not.toContain(text.slice(-50, -7));
  });

  it('of a service makes keys of at most its own role, if it runs the tenant', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const make = (by: string, role: string) =>
      api.call({ path: '/api/v1/api-keys', key: keys[by], body: { name: 'x', role } });
    for (const [by, role] of [
      ['viewer', 'viewer'],
      ['member', 'member'],
      ['member', 'runner'],
      ['lead', 'admin'],
    ] as const) {
      expect(await make(by, role)).toMatchObject({ status: 403, json: { code: 'ROLE_TOO_HIGH' } });
    }
    expect((await make('lead', 'lead')).status).toBe(201);
    expect((await make('lead', 'runner')).status).toBe(201);
  });
});

describe('the tenant of a request', () => {
  it('is the one of the credential; only an admin names another', async () => {
    const api = anApi();
    const own = await aTenant(api, 'acme');
    const other = await makeTenant(api, own.adminKey, 'umbrella');
    const list = (key: string | undefined, tenant: string) =>
      api.call({ path: '/api/v1/sessions', key, headers: { 'x-tenant-id': tenant } });
    expect((await list(own.keys['viewer'], own.tenantId)).status).toBe(200);
    expect((await list(own.keys['viewer'], own.tenantId.toLowerCase())).status).toBe(200);
    expect(await list(own.keys['viewer'], 'not-a-ulid')).toMatchObject({
      status: 400,
      json: { code: 'INVALID_TENANT_ID' },
    });
    expect(await list(own.keys['lead'], other.tenantId)).toMatchObject({
      status: 403,
      json: { code: 'TENANT_MISMATCH' },
    });
    expect((await list(own.adminKey, other.tenantId)).status).toBe(200);
    expect(await list(own.adminKey, UNKNOWN)).toMatchObject({ status: 404, json: { code: 'TENANT_NOT_FOUND' } });
  });

  it("cannot be the platform's own, which holds admins only", async () => {
    const api = anApi();
    const { adminKey } = await aTenant(api);
    const reply = await api.call({
      path: '/api/v1/sessions',
      key: adminKey,
      body: { title: 'A', prompt: 'B', start: true },
    });
    expect(reply).toMatchObject({ status: 403, json: { code: 'TENANT_MISMATCH' } });
  });
});

describe('the bootstrap', () => {
  it('works once, with the token of the deployment', async () => {
    const api = anApi();
    const body = {
      bootstrap_token: 'wrong',
      email: 'Ada@Example.com',
      full_name: 'Ada',
      tenant_name: 'Acme',
      tenant_slug: 'acme',
    };
    const bootstrap = (fields: object) => api.call({ path: '/api/v1/bootstrap', body: { ...body, ...fields } });
    expect((await bootstrap({})).status).toBe(401);
    const replies = await Promise.all([1, 2, 3].map(() => bootstrap({ bootstrap_token: 'bootstrap token' })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const [won] = replies.filter(({ status }) => status === 201);
    expect(won?.json).toMatchObject({ admin: { email: 'ada@example.com', role: 'admin' }, tenant: { slug: 'acme' } });
  });

  it('leaves slugs unique', async () => {
    const api = anApi();
    const { adminKey } = await aTenant(api, 'acme');
    const again = await api.call({ path: '/api/v1/tenants', key: adminKey, body: { name: 'Acme', slug: 'acme' } });
    expect(again).toMatchObject({ status: 409, json: { code: 'TENANT_SLUG_TAKEN' } });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';
import { type Api, anApi, aTenant, makeAgent, makeSession, makeTenant, type Reply } from '#test/support/in-process-api';

const PUBLIC = ['get_root', 'get_health', 'get_liveness', 'get_openapi', 'get_eap_protocol'];

/** Who may call what, written down a second time. */
const MAY: Readonly<Record<string, string>> = {
  create_session: 'member lead admin',
  start_session: 'member lead admin',
  cancel_session: 'member lead admin',
  list_sessions: 'viewer member lead admin',
  get_session: 'viewer member lead admin',
  list_session_events: 'viewer member lead admin',
  list_session_logs: 'viewer member lead admin',
  get_session_result: 'viewer member lead admin',
  get_session_diff: 'viewer member lead admin',
  register_external_agent: 'member lead admin runner',
  eap_heartbeat: 'agent',
  eap_claim: 'agent',
  eap_report_events: 'agent',
  eap_extend_lease: 'agent',
  eap_submit_result: 'agent',
  get_me: 'viewer member lead admin runner agent',
  create_tenant: 'admin',
  create_api_key: 'viewer member lead admin',
};

const all = Object.values(routes) as Route[];
const guarded = all.filter(({ operationId }) => operationId in MAY);
const UNKNOWN = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';

interface World {
  readonly api: Api;
  readonly keys: Readonly<Record<string, string>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly foreign: Readonly<Record<string, string>>;
}

const world = {} as { current: World };

const pathOf = (route: Route, ids: Readonly<Record<string, string>>) =>
  route.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? UNKNOWN);

const send = (
  route: Route,
  { key, ids = world.current.ids }: { key?: string | undefined; ids?: Readonly<Record<string, string>> },
): Promise<Reply> =>
  world.current.api.call({ method: route.method, path: pathOf(route, ids), key, ...(route.body ? { body: {} } : {}) });

const withoutRequestId = ({ status, text }: Reply) => ({ status, text: text.replace(/"request_id":"[^"]*"/, '') });

beforeAll(async () => {
  const api = anApi();
  const own = await aTenant(api, 'acme');
  const other = await makeTenant(api, own.adminKey, 'umbrella');
  const agent = await makeAgent(api, own.keys['runner'] as string);
  const stranger = await makeAgent(api, other.keys['runner'] as string);
  const session = await makeSession(api, own.keys['member'] as string);
  const secret = await makeSession(api, other.keys['member'] as string, { title: 'CANARY of the other tenant' });
  world.current = {
    api,
    keys: { ...own.keys, agent: agent.auth_token },
    ids: { session_id: session.id, agent_id: agent.agent_id },
    foreign: { session_id: secret.id, agent_id: stranger.agent_id, assignment_id: UNKNOWN },
  };
});

describe('every operation', () => {
  it('is public, or stands in the table of who may call it', () => {
    const known = [...PUBLIC, ...Object.keys(MAY), 'bootstrap_platform'];
    expect(all.map(({ operationId }) => operationId).sort()).toEqual(known.sort());
  });

  it.each(guarded)('$operationId refuses a request without a credential, or with a broken one', async (route) => {
    for (const key of [undefined, 'nonsense', `${world.current.keys['admin']}x`]) {
      const reply = await send(route, { key });
      expect(reply.status).toBe(401);
      expect(reply.json.code).toBe('UNAUTHENTICATED');
    }
  });

  it.each(guarded)('$operationId is open to those who may call it, and to nobody else', async (route) => {
    for (const [role, key] of Object.entries(world.current.keys)) {
      const { status, json } = await send(route, { key });
      const isAllowed = (MAY[route.operationId] ?? '').split(' ').includes(role);
      expect(`${role} ${status === 403 ? json.code : 'admitted'}`).toBe(
        `${role} ${isAllowed ? 'admitted' : 'FORBIDDEN'}`,
      );
      expect(status).toBeLessThan(500);
    }
  });

  const withIds = guarded.filter(({ path, role }) => path.includes('{') && role !== 'agent');
  it.each(withIds)("$operationId answers another tenant's id exactly like an unknown one", async (route) => {
    const { api, keys, foreign } = world.current;
    const before = JSON.stringify(api.engine.items());
    const asked = await send(route, { key: keys['lead'], ids: foreign });
    const unknown = await send(route, { key: keys['lead'], ids: {} });
    expect(asked.status).toBe(404);
    expect(withoutRequestId(asked)).toEqual(withoutRequestId(unknown));
    expect(asked.text).not.toContain('CANARY');
    expect(JSON.stringify(api.engine.items())).toBe(before);
  });

  it.each(guarded.filter(({ role }) => role === 'agent'))(
    '$operationId knows no other agent than the caller',
    async (route) => {
      const { keys, foreign } = world.current;
      const body = {
        status: 'healthy',
        fencing_token: 1,
        task_id: UNKNOWN,
        events: [{ type: 'started', event_seq: 1, timestamp: '2026-11-20T12:00:00.000Z' }],
      };
      const ask = (
        ids: Readonly<Record<string, string>>,
        send = { ...body, ...(route.operationId === 'eap_submit_result' ? { status: 'completed' } : {}) },
      ) => world.current.api.call({ path: pathOf(route, ids), key: keys['agent'], body: send });
      const asked = await ask(foreign);
      expect(asked).toMatchObject({ status: 404, json: { code: 'AGENT_NOT_FOUND' } });
      expect(withoutRequestId(asked)).toEqual(withoutRequestId(await ask({})));
    },
  );

  it('of a list shows nothing of another tenant', async () => {
    const { text } = await send(routes.listSessions, { key: world.current.keys['viewer'] });
    expect(text).toContain('Say hello');
    expect(text).not.toContain('CANARY');
  });

  it.each(all.filter(({ operationId }) => PUBLIC.includes(operationId)))(
    '$operationId needs no credential',
    async (route) => {
      expect((await send(route, {})).status).toBe(200);
    },
  );
});

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

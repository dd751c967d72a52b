import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contracts/route';
import { type Api, anApiWith, type Call, type Reply } from '#test/support/in-process-api';
import { allRoutes, notFoundCode, pathParametersOf, requestOf } from '#test/support/matrix-request';
import { BOOTSTRAP_OPERATION, type Caller, callersOf, OPEN_OPERATIONS } from '#test/support/role-table';
import { type TwoTenants, twoTenants } from '#test/support/two-tenants';

const isOpen = ({ operationId }: Route) => (OPEN_OPERATIONS as readonly string[]).includes(operationId);
const guarded = allRoutes.filter((route) => !isOpen(route) && route.operationId !== BOOTSTRAP_OPERATION);
const CALLERS: readonly Caller[] = ['viewer', 'member', 'lead', 'admin', 'agent', 'runner'];
const YEARS = 366 * 24 * 3600;

/** Where an operation's own rules are finer than its row. */
const FINER: Readonly<Record<string, Partial<Record<Caller, string>>>> = {
  // a service below lead makes no further keys
  create_api_key: { viewer: '403 ROLE_TOO_HIGH', member: '403 ROLE_TOO_HIGH' },
};

const world = {} as { current: TwoTenants };
beforeAll(async () => {
  world.current = await twoTenants();
});

const short = ({ status, json }: Reply) => (status < 400 ? String(status) : `${status} ${json.code}`);

/** One request on a copy of the world, whose refusal must leave no trace. */
const send = async (request: Call, prepare: (api: Api) => Promise<void> | void = () => undefined): Promise<Reply> => {
  const api = await anApiWith(world.current.items);
  await prepare(api);
  const before = JSON.stringify(api.engine.items());
  const reply = await api.call(request);
  if (reply.status >= 400) expect(JSON.stringify(api.engine.items())).toBe(before);
  return reply;
};

/** What an admitted caller is answered who asks about things that nobody has. An agent is always its own. */
const admitted = (route: Route, caller: Caller): string => {
  const finer = FINER[route.operationId]?.[caller];
  if (finer !== undefined) return finer;
  const [missing] = pathParametersOf(route).filter((name) => !(route.role === 'agent' && name === 'agent_id'));
  return missing === undefined ? String(route.success) : `404 ${notFoundCode(missing)}`;
};

const revoke = (credential: string) => async (api: Api) => {
  const id = credential.split('_').find((part) => /^[0-9a-hjkmnp-tv-z]{12}$/.test(part)) ?? '';
  const item = api.engine.items().find(({ entity, credentialId }) => entity === 'credential' && credentialId === id);
  if (item === undefined) throw new Error(`no credential ${id}`);
  const put = { ...item, revokedAt: new Date(api.clock.now()).toISOString() };
  await api.engine.transact([{ put, condition: { kind: 'exists' }, what: 'credential' }]);
};

describe('every operation', () => {
  it('stands in exactly one row of the table of roles, or is open to all', () => {
    const rows = guarded.map(({ operationId, role, also = [] }) => [
      operationId,
      role,
      ...also,
      callersOf(operationId),
    ]);
    expect(rows.length + OPEN_OPERATIONS.length + 1).toBe(allRoutes.length);
  });

  it.each(guarded)('$operationId is open to its row, and 403 to everybody else', async (route) => {
    const { own } = world.current;
    const answers = await Promise.all(
      CALLERS.map(async (caller) => {
        const ids = caller === 'agent' ? { agent_id: own.ids['agent_id'] as string } : {};
        return `${caller}: ${short(await send({ ...requestOf(route, ids), key: own.keys[caller] }))}`;
      }),
    );
    const mayCall = callersOf(route.operationId);
    const expected = CALLERS.map(
      (caller) => `${caller}: ${mayCall.includes(caller) ? admitted(route, caller) : '403 FORBIDDEN'}`,
    );
    expect(answers).toEqual(expected);
  });

  it.each(guarded)('$operationId names the role that it needs when it refuses one', async (route) => {
    const refused = CALLERS.find((caller) => !callersOf(route.operationId).includes(caller));
    if (refused === undefined) return;
    const { json } = await send({ ...requestOf(route, {}), key: world.current.own.keys[refused] });
    expect(json).toMatchObject({ code: 'FORBIDDEN', required_role: route.role, retryable: false });
  });

  it.each(guarded)('$operationId is 401 without a credential that is valid now', async (route) => {
    const { own } = world.current;
    const [caller = 'lead'] = callersOf(route.operationId).toReversed();
    const key = own.keys[caller] as string;
    const request = requestOf(route, own.ids);
    const code = caller === 'agent' ? 'INVALID_AGENT_TOKEN' : 'UNAUTHENTICATED';
    const replies = {
      none: await send(request),
      malformed: await send({ ...request, key: 'nonsense' }),
      checksum: await send({ ...request, key: `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}` }),
      unknown: await send({ ...request, key }, (api) => void api.clock.advance(YEARS)),
      revoked: await send({ ...request, key }, revoke(key)),
    };
    expect(Object.fromEntries(Object.entries(replies).map(([why, reply]) => [why, short(reply)]))).toEqual({
      none: '401 UNAUTHENTICATED',
      malformed: '401 UNAUTHENTICATED',
      checksum: `401 ${code}`,
      unknown: `401 ${code}`,
      revoked: `401 ${code}`,
    });
    for (const { headers } of Object.values(replies)) expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(guarded)('$operationId lets nobody name a tenant that the credential does not grant', async (route) => {
    const { own, other } = world.current;
    const [caller = 'lead'] = callersOf(route.operationId).filter((one) => one !== 'admin');
    if (!callersOf(route.operationId).includes(caller)) return;
    const request = { ...requestOf(route, own.ids), key: own.keys[caller] };
    const named = (tenant: string) => send({ ...request, headers: { 'x-tenant-id': tenant } });
    expect(short(await named(other.tenantId))).toBe('403 TENANT_MISMATCH');
    expect(short(await named('not-a-ulid'))).toBe('400 INVALID_TENANT_ID');
  });

  it.each(allRoutes.filter(isOpen))(
    '$operationId needs no credential, and asks for none that is wrong',
    async (route) => {
      for (const key of [undefined, 'nonsense'])
        expect((await send({ ...requestOf(route, {}), key })).status).toBe(route.success);
    },
  );
});

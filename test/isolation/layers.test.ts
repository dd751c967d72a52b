import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { Route } from '#contracts/route';
import { logger } from '#runtime/logger';
import type { PortsWithSecrets } from '#runtime/ports-with-secrets';
import { blindEngine } from '#test/support/blind-engine';
import { deployedPolicies, type FunctionPolicies, guardedEngine } from '#test/support/guarded-engine';
import { type Api, anApiWith, type Call, type Reply } from '#test/support/in-process-api';
import { allRoutes, idPlaces, requestOf, requestWith, UNKNOWN_ID } from '#test/support/matrix-request';
import { BOOTSTRAP_OPERATION, callersOf, OPEN_OPERATIONS } from '#test/support/role-table';
import { CANARY, storedBeside, type TwoTenants, twoTenants } from '#test/support/two-tenants';

/** Whether the repository is made for one tenant, and whether credentials reach one tenant only. */
interface Layers {
  readonly repository: boolean;
  readonly credentials: boolean;
}

const world = {} as { current: TwoTenants; policiesOf: (functionName: string) => FunctionPolicies };
beforeAll(async () => {
  world.current = await twoTenants();
  world.policiesOf = await deployedPolicies();
  // a denied request is a fault, and faults are logged
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  // whoever asks first for the templates waits until they are made
}, 60_000);

/** The API as the function of one group serves it, under that function's policies. */
const apiOf = async ({ group }: Route, layers: Layers): Promise<Api> => {
  const { own, tenant, tableArn } = world.policiesOf(group);
  const late = {} as { api: Api };
  const base = (): ItemEngine => late.api.engine;
  const engineOf = (tenantId: string): ItemEngine => {
    const guarded = layers.credentials ? guardedEngine(base(), { statements: tenant, tableArn, tenantId }) : base();
    return layers.repository ? guarded : blindEngine(guarded, late.api.engine.items);
  };
  const overrides: Partial<PortsWithSecrets> = {
    storeOf: (tenantId) => makeTenantStore(engineOf(tenantId), tenantId),
    ledger: () => makePlatformLedger(guardedEngine(base(), { statements: own, tableArn })),
  };
  late.api = await anApiWith(world.current.items, overrides);
  return late.api;
};

const keyFor = (operationId: string): string | undefined => {
  const callers = callersOf(operationId);
  const caller = (['lead', 'member', 'agent', 'runner', 'admin'] as const).find((one) => callers.includes(one));
  return caller && world.current.own.keys[caller];
};

const send = async (route: Route, request: Call, layers: Layers): Promise<Reply & { readonly beside: string }> => {
  const api = await apiOf(route, layers);
  const reply = await api.call({ ...request, key: keyFor(route.operationId) });
  return { ...reply, beside: storedBeside(world.current.own.tenantId, api.engine.items()) };
};

const guarded = allRoutes.filter(
  ({ operationId }) =>
    operationId !== BOOTSTRAP_OPERATION && !(OPEN_OPERATIONS as readonly string[]).includes(operationId),
);

/** Every operation in which something of the other tenant was shown, moved or accepted. */
const leaks = async (layers: Layers): Promise<string[]> => {
  const { own, other, items } = world.current;
  const before = storedBeside(own.tenantId, items);
  const found = new Set<string>();
  for (const place of idPlaces()) {
    const asked = await send(place.route, requestWith(place, own.ids, other.ids[place.name] ?? UNKNOWN_ID), layers);
    const unknown = await send(place.route, requestWith(place, own.ids, UNKNOWN_ID), layers);
    const isAccepted = asked.status < 400 && unknown.status >= 400;
    if (isAccepted || asked.text.includes(CANARY) || asked.beside !== before) found.add(place.route.operationId);
  }
  for (const route of guarded.filter(({ method }) => method === 'GET')) {
    const { text } = await send(route, requestOf(route, own.ids), layers);
    if (text.includes(CANARY)) found.add(route.operationId);
  }
  return [...found].sort();
};

describe('P1: nothing crosses from one tenant to another', () => {
  it('with both layers', async () => {
    expect(await leaks({ repository: true, credentials: true })).toEqual([]);
  });

  it('with the repository alone, under credentials that reach everything', async () => {
    expect(await leaks({ repository: true, credentials: false })).toEqual([]);
  });

  it('with the credentials alone, under a repository that finds things by their id', async () => {
    expect(await leaks({ repository: false, credentials: true })).toEqual([]);
  });

  it('with neither layer it does, in every way there is: this test can fail', async () => {
    const leaking = await leaks({ repository: false, credentials: false });
    expect(leaking).toEqual(
      expect.arrayContaining([
        'create_session',
        'get_session',
        'list_session_events',
        'list_session_logs',
        'update_session',
      ]),
    );
  });
});

describe('the policies of a function', () => {
  it.each(allRoutes)('let $operationId do its work', async (route) => {
    if (route.role === 'public' || route.role === 'bootstrap') return;
    const both = { repository: true, credentials: true };
    const request = requestOf(route, world.current.own.ids);
    const withPolicies = await send(route, request, both);
    const without = await send(route, request, { repository: true, credentials: false });
    expect(withPolicies.status).toBe(without.status);
    expect(withPolicies.status).toBeLessThan(500);
  });
});

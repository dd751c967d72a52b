import { beforeAll, describe, expect, it } from 'vitest';
import { anApiWith, type Call, type Reply } from '#test/support/in-process-api';
import {
  allRoutes,
  type IdPlace,
  idPlaces,
  notFoundCode,
  requestOf,
  requestWith,
  UNKNOWN_ID,
} from '#test/support/matrix-request';
import { callersOf, OPEN_OPERATIONS } from '#test/support/role-table';
import { CANARY, storedBeside, type TwoTenants, twoTenants } from '#test/support/two-tenants';

const world = {} as { current: TwoTenants };
beforeAll(async () => {
  world.current = await twoTenants();
});

/** The most powerful caller of an operation who is not the platform's admin. */
const keyFor = (operationId: string): string | undefined => {
  const { keys } = world.current.own;
  const caller = (['lead', 'member', 'agent', 'runner', 'admin'] as const).find((one) =>
    callersOf(operationId).includes(one),
  );
  return caller && keys[caller];
};

const foreignId = ({ route, name }: IdPlace): string => {
  const id = world.current.other.ids[name];
  if (id === undefined)
    throw new Error(
      `${route.operationId} has the id ${name}: let the tenants of test/support/two-tenants.ts have one of it`,
    );
  return id;
};

const send = async (request: Call): Promise<Reply & { readonly beside: string }> => {
  const api = await anApiWith(world.current.items);
  const reply = await api.call(request);
  return { ...reply, beside: storedBeside(world.current.own.tenantId, api.engine.items()) };
};

const asBytes = ({ status, text, headers }: Reply, id: string) => {
  const { 'x-request-id': _, ...rest } = headers;
  return { status, headers: rest, text: text.replace(/"request_id":"[^"]*"/, '').replaceAll(id, '<the id>') };
};

/** What the place is answered with where it is not the 404 of its entity. */
const ANSWERS: Readonly<Record<string, string>> = {
  'eap_heartbeat body': '200',
  'route_task body': '200',
  'eap_submit_result body': '422 RESULT_TASK_MISMATCH',
};

const places = idPlaces().map((place) => ({ ...place, at: `${place.where} ${place.steps.join('/')}` }));

describe("P1: another tenant's id", () => {
  it.each(places)('in $route.operationId, $at, is answered exactly like an unknown one', async (place) => {
    const { own, items } = world.current;
    const key = keyFor(place.route.operationId);
    const id = foreignId(place);
    const asked = await send({ ...requestWith(place, own.ids, id), key });
    const unknown = await send({ ...requestWith(place, own.ids, UNKNOWN_ID), key });
    expect(asBytes(asked, id)).toEqual(asBytes(unknown, UNKNOWN_ID));
    const usual =
      place.where === 'query' ? '200' : `404 ${notFoundCode(place.name === 'parent_id' ? 'session' : place.name)}`;
    expect(`${asked.status} ${asked.json?.code ?? ''}`.trim()).toBe(
      ANSWERS[`${place.route.operationId} ${place.where}`] ?? usual,
    );
    expect(asked.text).not.toContain(CANARY);
    expect(asked.beside).toBe(storedBeside(own.tenantId, items));
  });

  const lists = allRoutes.filter(
    ({ query }) => query !== undefined && 'cursor' in ((query as { shape?: object }).shape ?? {}),
  );
  it.each(lists)('cannot be reached by its cursor in $operationId', async (route) => {
    const { own, other } = world.current;
    const first = async (list: Call) =>
      (await send({ ...list, key: other.keys['lead'], query: { limit: '1' } })).json.next_cursor as string | undefined;
    const cursor =
      (await first(requestOf(route, other.ids))) ?? (await first({ method: 'GET', path: '/api/v1/sessions' }));
    const ask = (text: string) =>
      send({ ...requestOf(route, own.ids), key: keyFor(route.operationId), query: { cursor: text } });
    const asked = await ask(String(cursor));
    expect(asked).toMatchObject({ status: 400, json: { code: 'INVALID_CURSOR' } });
    expect(asBytes(asked, String(cursor))).toEqual(asBytes(await ask('nonsense'), 'nonsense'));
  });

  const reading = allRoutes.filter(
    ({ method, operationId }) => method === 'GET' && !(OPEN_OPERATIONS as readonly string[]).includes(operationId),
  );
  it.each(reading)('and nothing else of it is in the answer of $operationId', async (route) => {
    const { own, other } = world.current;
    const { status, text } = await send({ ...requestOf(route, own.ids), key: keyFor(route.operationId) });
    expect(status).toBeLessThan(400);
    for (const word of [CANARY, ...Object.values(other.ids)]) expect(text).not.toContain(word);
  });
});

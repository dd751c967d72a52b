import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contracts/route';
import { anApiWith, type Call } from '#test/support/in-process-api';
import { allRoutes, requestOf } from '#test/support/matrix-request';
import { BOOTSTRAP_OPERATION, callersOf } from '#test/support/role-table';
import { type TwoTenants, twoTenants } from '#test/support/two-tenants';

const MEBIBYTE = 1024 * 1024;
const withBody = allRoutes.filter(({ body }) => body !== undefined);
const guarded = allRoutes.filter(({ role }) => role !== 'public' && role !== 'bootstrap');
/** The protocol of agents ignores what it does not know, so that newer agents work with older platforms. */
const strict = withBody.filter(({ path }) => !path.includes('/agents/external/'));

const world = {} as { current: TwoTenants };
beforeAll(async () => {
  world.current = await twoTenants();
});

const keyFor = ({ operationId }: Route): string | undefined => {
  if (operationId === BOOTSTRAP_OPERATION) return undefined;
  const callers = callersOf(operationId);
  const caller = (['lead', 'agent', 'admin'] as const).find((one) => callers.includes(one));
  return caller && world.current.own.keys[caller];
};

/** Sends what must be refused, and shows that nothing came of it. */
const refused = async (route: Route, change: (request: Call) => Call) => {
  const api = await anApiWith(world.current.items);
  const before = JSON.stringify(api.engine.items());
  const { body, ...request } = requestOf(route, world.current.own.ids);
  const reply = await api.call(change({ ...request, body, key: keyFor(route) }));
  expect(JSON.stringify(api.engine.items())).toBe(before);
  return reply;
};

const instead =
  (fields: Partial<Call>) =>
  ({ body: _, ...request }: Call): Call => ({ ...request, ...fields });

const adding = (fields: object) => (request: Call) => ({
  ...request,
  body: { ...(request.body as object), ...fields },
});

describe('every body', () => {
  it.each(withBody)('of $operationId is refused when it is not JSON in UTF-8 of a size that is read', async (route) => {
    const cases: readonly (readonly [Partial<Call>, object])[] = [
      [{ text: '{"a":' }, { status: 400, json: { code: 'MALFORMED_JSON' } }],
      [{ text: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64'), base64: true }, { status: 400 }],
      [{ text: `${'['.repeat(33)}${']'.repeat(33)}` }, { status: 400, json: { code: 'MALFORMED_JSON' } }],
      [{ text: '{}', headers: { 'content-type': 'text/plain' } }, { status: 415 }],
      [
        { text: '{}', headers: { 'content-type': '' } },
        { status: 415, json: { code: 'UNSUPPORTED_MEDIA_TYPE' } },
      ],
      [
        { text: JSON.stringify('x'.repeat(MEBIBYTE)) },
        { status: 413, json: { code: 'PAYLOAD_TOO_LARGE', limit_bytes: MEBIBYTE } },
      ],
      [{ text: '[]' }, { status: 422, json: { code: 'VALIDATION_ERROR' } }],
      [{ text: '{"x":"a\\u0000b"}' }, { status: 422, json: { errors: [{ path: '/x' }] } }],
    ];
    for (const [fields, answer] of cases) {
      const reply = await refused(route, instead(fields));
      expect(reply).toMatchObject(answer);
      expect(reply.json).toMatchObject({ retryable: false, remedy: expect.any(String) });
    }
  });

  it.each(strict)('of $operationId is refused for a field that is unknown, by its place', async (route) => {
    const { status, json } = await refused(route, adding({ 'not/known~yet': 1 }));
    expect([status, json.errors]).toEqual([422, [{ path: '/not~1known~0yet', message: 'unknown field' }]]);
  });

  it.each(strict)('of $operationId has at most 50 of its wrong fields named', async (route) => {
    const wrong = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`unknown_${index}`, index]));
    const { json } = await refused(route, adding(wrong));
    expect(json.errors).toHaveLength(50);
  });
});

describe('every request', () => {
  it.each(guarded)('to $operationId is refused for a parameter that is unknown, by its name', async (route) => {
    const { status, json } = await refused(route, (request) => ({ ...request, query: { colour: 'red' } }));
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ path: 'colour' }]);
  });

  const withIds = guarded.filter(({ path }) => path.includes('_id}'));
  it.each(withIds)('to $operationId with an id that is none is refused by its name', async (route) => {
    const ids = Object.fromEntries(Object.keys(world.current.own.ids).map((name) => [name, 'not-an-id']));
    const { path } = requestOf(route, ids);
    const { status, json } = await refused(route, (request) => ({ ...request, path }));
    expect(status).toBe(422);
    expect(json.errors.length).toBeGreaterThan(0);
  });
});

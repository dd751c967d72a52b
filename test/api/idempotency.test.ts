import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '#contracts/route';
import { type Api, anApiWith, type Call, type Reply } from '#test/support/in-process-api';
import { allRoutes, requestOf } from '#test/support/matrix-request';
import { BOOTSTRAP_OPERATION, callersOf } from '#test/support/role-table';
import { type TwoTenants, twoTenants } from '#test/support/two-tenants';

const TIMES = 20;
const posts = allRoutes.filter(({ method, operationId }) => method === 'POST' && operationId !== BOOTSTRAP_OPERATION);

/** Operations whose repetition is told apart by the protocol itself. */
const SAYS_DUPLICATE: readonly string[] = ['eap_submit_result'];
/** A beat says how an agent is now: nothing of it is remembered, and one that meets others may be told to come again. */
const IS_A_BEAT: readonly string[] = ['eap_heartbeat'];

const world = {} as { current: TwoTenants };
beforeAll(async () => {
  world.current = await twoTenants();
});

/** A request that has an effect, if the operation can have one now. */
const effectiveRequest = (route: Route): Call => {
  const { own } = world.current;
  const [caller = 'lead'] = callersOf(route.operationId).toReversed();
  const isIdle = route.operationId === 'start_session';
  const request = requestOf(route, isIdle ? { ...own.ids, session_id: own.ids['parent_id'] as string } : own.ids);
  const body = request.body as Record<string, unknown>;
  return {
    ...request,
    body: 'task_id' in body ? { ...body, task_id: own.ids['task_id'] } : body,
    key: own.keys[caller],
    headers: { 'idempotency-key': 'sent once, meant once' },
  };
};

const bytes = ({ status, text }: Reply) => `${status} ${text.replace(/"request_id":"[^"]*"/, '')}`;

const countOf = (api: Api): Record<string, number> => {
  const count: Record<string, number> = {};
  for (const { entity } of api.engine.items()) count[String(entity)] = (count[String(entity)] ?? 0) + 1;
  return count;
};

describe('P4: one Idempotency-Key', () => {
  it.each(posts)('has one effect and one answer in 20 sends of $operationId at once', async (route) => {
    const request = effectiveRequest(route);
    const [once, often] = [await anApiWith(world.current.items), await anApiWith(world.current.items)];
    const alone = await once.call(request);
    const replies = await Promise.all(Array.from({ length: TIMES }, () => often.call(request)));
    expect(alone.status).toBeLessThan(500);
    expect(countOf(often)).toEqual(countOf(once));
    if (IS_A_BEAT.includes(route.operationId)) return;
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([alone.status]));
    if (!SAYS_DUPLICATE.includes(route.operationId)) {
      // secrets are shown once; whoever made them sees them, and the others see null
      const secretless = replies.map((reply) => bytes(reply).replace(/"key":"[^"]*"/, '"key":null'));
      expect([...new Set(secretless)]).toHaveLength(1);
    }
  });

  it.each(posts)('must be 1 to 255 printable ASCII characters in $operationId', async (route) => {
    const request = effectiveRequest(route);
    for (const key of ['', 'ü', 'x'.repeat(256), 'a\tb']) {
      const api = await anApiWith(world.current.items);
      const reply = await api.call({ ...request, headers: { 'idempotency-key': key } });
      expect(reply).toMatchObject({ status: 422, json: { errors: [{ path: 'Idempotency-Key' }] } });
      expect(countOf(api)).toEqual(countOf(await anApiWith(world.current.items)));
    }
  });
});

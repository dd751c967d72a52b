import { describe, expect, it } from 'vitest';
import { anApi, aTenant, makeSession, makeTenant } from '#test/support/in-process-api';

const SESSIONS = '/api/v1/sessions';

/** A tenant with sessions, one a minute. */
const aTenantWithSessions = async () => {
  const api = anApi();
  const { keys, adminKey } = await aTenant(api);
  const member = keys['member'] as string;
  const make = async (title: string, fields: object = {}): Promise<string> => {
    api.clock.advance(60);
    return (await makeSession(api, member, { title, ...fields })).id;
  };
  const parent = await make('Parent', { tags: ['a', 'b'], description: 'All about Greetings' });
  await make('Child', { parent_id: parent, priority: 'critical', tags: ['a'], session_type: 'review' });
  await make('Runs', { start: true, priority: 'high' });
  const gone = await make('Gone');
  await api.call({ method: 'DELETE', path: `${SESSIONS}/${gone}`, key: member });
  const list = (query: Record<string, string> = {}, key = keys['viewer']) => api.call({ path: SESSIONS, key, query });
  const titles = async (query: Record<string, string> = {}, key = keys['viewer']): Promise<string[]> =>
    (await list(query, key)).json.items.map(({ title }: { title: string }) => title);
  return { api, keys, adminKey, parent, list, titles };
};

describe('the list of sessions', () => {
  it('is filtered by each field, and by all of them together', async () => {
    const { titles, parent, list } = await aTenantWithSessions();
    const createdBy = (await list()).json.items[0].created_by;
    const [newest] = (await list()).json.items;
    expect(await titles()).toEqual(['Runs', 'Child', 'Parent']);
    expect(await titles({ status: 'queued' })).toEqual(['Runs']);
    expect(await titles({ status: 'queued,pending' })).toEqual(['Runs', 'Child', 'Parent']);
    expect(await titles({ session_type: 'review,debug' })).toEqual(['Child']);
    expect(await titles({ priority: 'critical' })).toEqual(['Child']);
    expect(await titles({ created_by: createdBy.toLowerCase() })).toEqual(['Runs', 'Child', 'Parent']);
    expect(await titles({ created_by: parent })).toEqual([]);
    expect(await titles({ parent_id: parent })).toEqual(['Child']);
    expect(await titles({ parent_id: 'none' })).toEqual(['Runs', 'Parent']);
    expect(await titles({ parent_id: `none,${parent}` })).toEqual(['Runs', 'Child', 'Parent']);
    expect(await titles({ tags: 'a' })).toEqual(['Child', 'Parent']);
    expect(await titles({ tags: 'a,b' })).toEqual(['Parent']);
    expect(await titles({ search: 'GREET' })).toEqual(['Parent']);
    expect(await titles({ created_from: newest.created_at })).toEqual(['Runs']);
    expect(await titles({ created_to: newest.created_at })).toEqual(['Child', 'Parent']);
    expect(await titles({ created_from: newest.created_at.replace('Z', '+01:00') })).toEqual([
      'Runs',
      'Child',
      'Parent',
    ]);
    expect(await titles({ tags: 'a', status: 'pending', priority: 'critical,low', search: 'child' })).toEqual([
      'Child',
    ]);
  });

  it('tells where each waiting session stands, as the session itself does, and nothing of one that has its slot', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const member = keys['member'] as string;
    for (let n = 0; n < 12; n++) await makeSession(api, member, { start: true });
    const { json } = await api.call({ path: SESSIONS, key: member, query: { status: 'queued' } });
    expect(json.items.map(({ queue }: { queue?: { position: number } }) => queue?.position)).toEqual([
      2,
      1,
      ...Array.from({ length: 10 }),
    ]);
    const [last] = json.items;
    const one = await api.call({ path: `${SESSIONS}/${last.id}`, key: member });
    expect(one.json.queue).toMatchObject({ position: 2, ahead: 1, reason: 'slot' });
  });

  it('is not needed to know whether a session has its slot: each answer says so', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const member = keys['member'] as string;
    const call = (method: string, id: string, body: object) =>
      api.call({ method, path: `${SESSIONS}/${id}`, key: member, body });
    const first = await makeSession(api, member, { start: true });
    expect(first).not.toHaveProperty('queue');
    for (let n = 0; n < 8; n++) await makeSession(api, member, { start: true });
    const last = await makeSession(api, member);
    expect((await call('POST', `${last.id}/start`, {})).json).not.toHaveProperty('queue');
    const waiter = await makeSession(api, member, { start: true });
    expect(waiter).toMatchObject({ status: 'queued', queue: { reason: 'slot' } });
    const patched = (await call('PATCH', waiter.id, { title: 'Waits' })).json;
    expect(patched).toMatchObject({ status: 'queued', queue: { position: 1 } });
    expect((await call('POST', `${first.id}/cancel`, {})).json).not.toHaveProperty('queue');
    const granted = (await call('PATCH', waiter.id, { title: 'Has it' })).json;
    expect(granted).toMatchObject({ status: 'queued', title: 'Has it' });
    expect(granted).not.toHaveProperty('queue');
  });

  it('of attempts is there for every session', async () => {
    const { api, keys, parent } = await aTenantWithSessions();
    const attempts = { path: `${SESSIONS}/${parent}/attempts`, key: keys['viewer'] };
    expect(await api.call(attempts)).toMatchObject({ status: 200, json: { items: [] } });
    expect((await api.call({ ...attempts, query: { cursor: 'x' } })).json.code).toBe('INVALID_CURSOR');
  });

  it.each([
    [{ status: '' }, 'status'],
    [{ status: 'running,' }, 'status'],
    [{ session_type: 'odd' }, 'session_type'],
    [{ priority: 'urgent' }, 'priority'],
    [{ created_by: 'ada' }, 'created_by'],
    [{ parent_id: 'None' }, 'parent_id'],
    [{ tags: 'a,-' }, 'tags'],
    [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`).join() }, 'tags'],
    [{ search: 'x' }, 'search'],
    [{ search: 'x'.repeat(101) }, 'search'],
    [{ created_from: 'yesterday' }, 'created_from'],
    [{ created_to: '2026-02-30T12:00:00Z' }, 'created_to'],
    [{ include_deleted: 'yes' }, 'include_deleted'],
  ])('refuses %j', async (query: Record<string, string>, name) => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const { status, json } = await api.call({ path: SESSIONS, key: keys['viewer'], query });
    expect(status).toBe(422);
    expect(json.errors[0].path.split('.')[0]).toBe(name);
  });

  it('shows deleted sessions to a lead who asks for them, and to nobody else', async () => {
    const { titles, list, keys } = await aTenantWithSessions();
    const query = { include_deleted: 'true' };
    expect(await titles(query, keys['lead'])).toEqual(['Gone', 'Runs', 'Child', 'Parent']);
    expect(await titles({ ...query, status: 'pending' }, keys['lead'])).toEqual(['Gone', 'Child', 'Parent']);
    expect(await list(query)).toMatchObject({ status: 403, json: { code: 'FORBIDDEN', required_role: 'lead' } });
  });

  it('is gone on with by a cursor of the same tenant, operation and filters only', async () => {
    const { list, keys, api, adminKey, parent } = await aTenantWithSessions();
    const query = { limit: '1', tags: 'a' };
    const { next_cursor: cursor } = (await list(query)).json;
    expect((await list({ ...query, cursor })).json.items).toMatchObject([{ title: 'Parent' }]);
    const other = await makeTenant(api, adminKey, 'umbrella');
    const wrong = [
      list({ ...query, tags: 'b', cursor }),
      list({ limit: '1', cursor }),
      list({ ...query, cursor }, other.keys['viewer']),
      api.call({ path: `${SESSIONS}/${parent}/events`, key: keys['viewer'], query: { cursor } }),
    ];
    for (const reply of await Promise.all(wrong)) {
      expect(reply).toMatchObject({ status: 400, json: { code: 'INVALID_CURSOR' } });
    }
    api.clock.advance(24 * 3600);
    expect((await list({ ...query, cursor })).status).toBe(400);
  });
});

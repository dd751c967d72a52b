import { describe, expect, it } from 'vitest';
import { anApi, aTenant, type Call, makeSession, makeTenant } from '#test/support/in-process-api';

const SESSIONS = '/api/v1/sessions';

const aMember = async () => {
  const api = anApi();
  const { keys, adminKey } = await aTenant(api);
  const key = keys['member'] as string;
  const call = (method: string, path: string, fields: Partial<Call> = {}) =>
    api.call({ method, path: `${SESSIONS}${path}`, key, ...fields });
  const patch = (id: string, body: object, headers: Record<string, string> = {}) =>
    call('PATCH', `/${id}`, { body, headers });
  return { api, key, keys, adminKey, call, patch };
};

describe('PATCH of a session', () => {
  it('answers the session with its new version, and the same one for the same values', async () => {
    const { api, key, patch } = await aMember();
    const { id } = await makeSession(api, key, { description: 'x', tags: ['a'] });
    const changed = await patch(id, { title: '  Greet Ada ', tags: ['b'], description: null, agent_config: { k: 1 } });
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(changed.json).toMatchObject({ title: 'Greet Ada', tags: ['b'], agent_config: { k: 1 }, version: 2 });
    expect(changed.json).not.toHaveProperty('description');
    expect((await patch(id, { title: 'Greet Ada' })).json.version).toBe(2);
    expect((await patch(id, {})).json.version).toBe(2);
  });

  it.each([
    [{ title: null }, '/title'],
    [{ prompt: null }, '/prompt'],
    [{ title: 'Untitled' }, '/title'],
    [{ session_type: 'review' }, '/session_type'],
    [{ parent_id: null }, '/parent_id'],
    [{ start: true }, '/start'],
    [{ status: 'running' }, '/status'],
    [{ max_duration_seconds: 59 }, '/max_duration_seconds'],
    [{ tags: ['a', 'a'] }, '/tags'],
    [{ metadata: [] }, '/metadata'],
    [{ agent_config: { 'a b': 1 } }, '/agent_config'],
  ])('with %j is refused by its field', async (body, path) => {
    const { api, key, patch } = await aMember();
    const { id } = await makeSession(api, key);
    const { status, json } = await patch(id, body);
    expect(status).toBe(422);
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual([path]);
    expect((await patch(id, {})).json.version).toBe(1);
  });

  it('of the prompt while queued is refused with what would be allowed, and applies nothing', async () => {
    const { api, key, patch } = await aMember();
    const { id, title } = await makeSession(api, key, { start: true });
    expect(await patch(id, { title: 'Other', prompt: 'Other.' })).toMatchObject({
      status: 409,
      json: {
        code: 'INVALID_TRANSITION',
        detail: 'a queued session keeps its prompt',
        current: 'queued',
        allowed: ['running', 'cancelled', 'failed', 'timeout', 'orphaned'],
      },
    });
    expect((await patch(id, {})).json).toMatchObject({ title, version: 2 });
  });

  it('of an old version is refused with the current one', async () => {
    const { api, key, patch } = await aMember();
    const { id } = await makeSession(api, key);
    const title = 'Other';
    expect(await patch(id, { title }, { 'if-match': '"7"' })).toMatchObject({
      status: 412,
      json: { code: 'PRECONDITION_FAILED', current_version: 1 },
    });
    expect((await patch(id, { title }, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await patch(id, { title }, { 'if-match': '"1"' })).status).toBe(200);
  });
});

describe('DELETE of a session', () => {
  it('hides it from everybody but a lead who asks for it', async () => {
    const { api, key, keys, call } = await aMember();
    const { id } = await makeSession(api, key);
    expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 204, text: '' });
    for (const path of ['', '/events', '/logs', '/result', '/diff']) {
      expect(await call('GET', `/${id}${path}`)).toMatchObject({ status: 404, json: { code: 'SESSION_NOT_FOUND' } });
    }
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
    expect((await call('GET', '')).json.items).toEqual([]);
    const query = { include_deleted: 'true' };
    expect(await call('GET', `/${id}`, { query })).toMatchObject({ status: 403, json: { required_role: 'lead' } });
    const seen = await call('GET', `/${id}`, { query, key: keys['lead'] });
    expect(seen).toMatchObject({ status: 200, json: { id, deleted_at: expect.any(String), version: 2 } });
    expect((await call('GET', `/${id}`, { key: keys['lead'] })).status).toBe(404);
  });

  it('is refused while it is queued, for an old version, and for what belongs to another tenant', async () => {
    const { api, adminKey, key, call } = await aMember();
    const { id } = await makeSession(api, key, { start: true });
    expect(await call('DELETE', `/${id}`)).toMatchObject({
      status: 409,
      json: { code: 'INVALID_TRANSITION', current: 'queued' },
    });
    const pending = await makeSession(api, key);
    expect((await call('DELETE', `/${pending.id}`, { headers: { 'if-match': '"2"' } })).status).toBe(412);
    const { keys } = await makeTenant(api, adminKey, 'umbrella');
    expect((await call('DELETE', `/${pending.id}`, { key: keys['lead'] })).status).toBe(404);
    expect((await call('GET', `/${pending.id}`)).status).toBe(200);
  });
});

describe('GET of a session', () => {
  it('leaves its metrics out when they are not wanted', async () => {
    const { api, key, call } = await aMember();
    const { id } = await makeSession(api, key);
    expect((await call('GET', `/${id}`)).json.metrics).toMatchObject({ tokens_used: 0 });
    expect((await call('GET', `/${id}`, { query: { include_metrics: 'false' } })).json).not.toHaveProperty('metrics');
    expect((await call('GET', `/${id}`, { query: { include_metrics: 'yes' } })).status).toBe(422);
  });
});

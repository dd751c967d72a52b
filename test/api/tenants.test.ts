import { describe, expect, it } from 'vitest';
import { anApi, aTenant, makeTenant } from '#test/support/in-process-api';
import { entities } from '#test/support/ports-in-memory';

const world = async () => {
  const api = anApi();
  const tenant = await aTenant(api);
  const call = (role: string, rest: object = {}, id = tenant.tenantId) =>
    api.call({ path: `/api/v1/tenants/${id}`, key: tenant.keys[role], ...rest });
  const patch = (body: object, rest: object = {}) => call('lead', { method: 'PATCH', body, ...rest });
  return { api, call, patch, ...tenant };
};

describe('the settings of a tenant', () => {
  it('let its sessions be learned from until a lead says otherwise, which an event announces', async () => {
    const { api, call, patch, keys } = await world();
    expect((await call('viewer')).json).toMatchObject({ version: 1, settings: { training_data_enabled: true } });
    const changed = await patch({ settings: { training_data_enabled: false } });
    expect(changed).toMatchObject({ status: 200, json: { version: 2, settings: { training_data_enabled: false } } });
    expect(changed.headers['etag']).toBe('"2"');
    const dataset = { path: '/api/v1/fine-tuning/datasets', key: keys['member'], body: { name: 'x' } };
    expect((await api.call(dataset)).json.code).toBe('TRAINING_DATA_DISABLED');
    const events = entities(api.engine.items(), 'event').filter(({ type }) => type === 'tenant.updated');
    expect(events).toMatchObject([{ seq: 2, payload: { changed: ['settings.training_data_enabled'] } }]);
    await patch({ settings: { training_data_enabled: true } });
    expect((await api.call(dataset)).status).toBe(202);
  });

  it('stay as they are when they are that already', async () => {
    const { patch } = await world();
    expect((await patch({ name: 'acme', settings: { training_data_enabled: true } })).json.version).toBe(1);
    expect((await patch({})).json.version).toBe(1);
    expect((await patch({ name: 'Acme' })).json).toMatchObject({ version: 2, name: 'Acme', slug: 'acme' });
  });

  it('are changed only as they were seen, and only by a lead', async () => {
    const { call, patch } = await world();
    const late = await patch({ name: 'Acme' }, { headers: { 'if-match': '"7"' } });
    expect(late).toMatchObject({ status: 412, json: { current_version: 1 } });
    expect((await call('member', { method: 'PATCH', body: { name: 'Acme' } })).status).toBe(403);
    expect((await patch({ slug: 'other' })).status).toBe(422);
  });

  it('of another tenant are answered like those of none', async () => {
    const { api, call, adminKey } = await world();
    const other = await makeTenant(api, adminKey, 'other');
    for (const rest of [{}, { method: 'PATCH', body: { name: 'Mine' } }])
      expect(await call('lead', rest, other.tenantId)).toMatchObject({
        status: 404,
        json: { code: 'TENANT_NOT_FOUND' },
      });
  });
});

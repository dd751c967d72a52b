import { describe, expect, it } from 'vitest';
import { WrongBootstrapToken } from '#application/bootstrap-platform';
import { CONTENTION, ConcurrentUpdate } from '#domain/errors';
import { AlreadyBootstrapped, PLATFORM_TENANT_ID, TenantSlugTaken } from '#domain/tenant/tenant';
import { aPlatform } from '#test/support/a-platform';

const request = {
  token: 'bootstrap token',
  email: 'ada@example.com',
  fullName: 'Ada Lovelace',
  tenantName: 'Acme',
  tenantSlug: 'acme',
};

describe('bootstrapping the platform', () => {
  it('makes the first admin with a key that works, and the first tenant with its gate', async () => {
    const { bootstrap, authenticate, storeOf, everything } = aPlatform();
    const { admin, tenant, apiKey, text } = await bootstrap(request);
    expect(admin).toMatchObject({ tenantId: PLATFORM_TENANT_ID, role: 'admin', email: 'ada@example.com' });
    expect(apiKey).toMatchObject({ role: 'admin', userId: admin.id, name: 'Ada Lovelace (bootstrap)' });
    expect(await storeOf(tenant.id).getTenant()).toMatchObject({ name: 'Acme', slug: 'acme', status: 'active' });
    expect(await storeOf(tenant.id).findGate('sessions')).toMatchObject({ limit: 10, maxWaiting: 1000, held: 0 });
    expect(await authenticate({ authorization: `Bearer ${text}` })).toEqual({
      principal: { kind: 'user', id: admin.id, tenantId: PLATFORM_TENANT_ID, role: 'admin', name: apiKey.name },
    });
    expect(JSON.stringify(everything())).not.toContain(text);
  });

  it('succeeds once', async () => {
    const { bootstrap, everything } = aPlatform();
    await bootstrap(request);
    const before = everything();
    await expect(bootstrap({ ...request, tenantSlug: 'other' })).rejects.toThrow(AlreadyBootstrapped);
    await expect(bootstrap(request)).rejects.toThrow(AlreadyBootstrapped);
    expect(everything()).toEqual(before);
  });

  it('needs the token of the deployment', async () => {
    const { bootstrap, everything } = aPlatform();
    await expect(bootstrap({ ...request, token: 'another token' })).rejects.toThrow(WrongBootstrapToken);
    await expect(bootstrap({ ...request, token: '' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(everything()).toEqual([]);
  });

  it('names the slug when only that is taken', async () => {
    const { bootstrap, createTenant } = aPlatform();
    await createTenant({ name: 'First', slug: 'acme', by: { id: 'ADMIN', tenantId: PLATFORM_TENANT_ID } });
    await expect(bootstrap(request)).rejects.toThrow(TenantSlugTaken);
  });

  it('cuts a long name of the key', async () => {
    const { bootstrap } = aPlatform();
    const { apiKey } = await bootstrap({ ...request, fullName: 'A'.repeat(200) });
    expect(apiKey.name).toHaveLength(100);
  });

  it('that meets another transaction is made anew, and not told that somebody was first', async () => {
    const { bootstrap, engine } = aPlatform();
    engine.before('tenant', () => Promise.reject(new ConcurrentUpdate(CONTENTION)));
    expect(await bootstrap(request)).toMatchObject({ tenant: { slug: 'acme' } });
  });

  it('passes faults on', async () => {
    const { bootstrap, engine } = aPlatform();
    engine.before('tenant', () => Promise.reject(new Error('the table does not answer')));
    await expect(bootstrap(request)).rejects.toThrow('the table does not answer');
  });
});

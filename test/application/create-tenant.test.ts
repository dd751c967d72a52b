import { describe, expect, it } from 'vitest';
import { CONTENTION, ConcurrentUpdate } from '#domain/errors';
import { PLATFORM_TENANT_ID, TenantSlugTaken } from '#domain/tenant/tenant';
import { aPlatform } from '#test/support/a-platform';

describe('creating a tenant', () => {
  const by = { id: 'ADMIN', tenantId: PLATFORM_TENANT_ID };
  const record = {
    digest: 'key',
    bodyHash: 'hash',
    rememberedAt: '2026-01-01T00:00:00.000Z',
    status: 201,
    body: '{}',
    expiresAt: '2027-01-01T00:00:00.000Z',
  };

  it('gives it its quota, and remembers the answer for the admin, not for the tenant', async () => {
    const { createTenant, storeOf } = aPlatform();
    const tenant = await createTenant({ name: 'Acme', slug: 'acme', by, remember: () => record });
    expect(await storeOf(tenant.id).getTenant()).toMatchObject({ name: 'Acme', createdBy: 'ADMIN' });
    expect(await storeOf(tenant.id).findGate('sessions')).toMatchObject({ limit: 10 });
    expect(await storeOf(PLATFORM_TENANT_ID).findIdempotency('key')).toEqual(record);
    expect(await storeOf(tenant.id).findIdempotency('key')).toBeUndefined();
  });

  it('with a slug that is taken is refused, and nothing exists', async () => {
    const { createTenant, everything } = aPlatform();
    await createTenant({ name: 'Acme', slug: 'acme', by });
    const before = everything();
    await expect(createTenant({ name: 'Other', slug: 'acme', by })).rejects.toThrow(TenantSlugTaken);
    expect(everything()).toEqual(before);
  });

  it('twice under one idempotency key is told from a taken slug', async () => {
    const { createTenant } = aPlatform();
    await createTenant({ name: 'Acme', slug: 'acme', by, remember: () => record });
    const again = createTenant({ name: 'Acme', slug: 'acme-2', by, remember: () => record });
    await expect(again).rejects.toMatchObject({ what: 'idempotency' });
  });

  it('that meets another transaction is made anew, and not told that its slug is taken', async () => {
    const { createTenant, engine } = aPlatform();
    engine.before('slug', () => Promise.reject(new ConcurrentUpdate(CONTENTION)));
    expect(await createTenant({ name: 'Acme', slug: 'acme', by })).toMatchObject({ slug: 'acme' });
  });

  it('passes faults on', async () => {
    const { createTenant, engine } = aPlatform();
    engine.before('tenant', () => Promise.reject(new Error('the table does not answer')));
    await expect(createTenant({ name: 'Acme', slug: 'acme', by })).rejects.toThrow('the table does not answer');
  });
});

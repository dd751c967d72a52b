import { describe, expect, it } from 'vitest';
import { makeCredentialStore, makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAuthenticate } from '#application/authenticate';
import { makeBootstrapPlatform, WrongBootstrapToken } from '#application/bootstrap-platform';
import { makeCreateTenant } from '#application/create-tenant';
import { AlreadyBootstrapped, PLATFORM_TENANT_ID, TenantSlugTaken } from '#domain/tenant/tenant';
import { aClock, countedIdentifiers, fixedSecrets, interrupted } from '#test/support/ports-in-memory';

const request = {
  token: 'bootstrap token',
  email: 'ada@example.com',
  fullName: 'Ada Lovelace',
  tenantName: 'Acme',
  tenantSlug: 'acme',
};

const aPlatform = () => {
  const memory = makeMemoryEngine();
  const engine = interrupted(memory);
  const ports = { ledger: makePlatformLedger(engine), clock: aClock(), ids: countedIdentifiers(), digest: nodeDigest };
  return {
    engine,
    everything: () => structuredClone(memory.items()),
    bootstrap: makeBootstrapPlatform({ ...ports, secrets: fixedSecrets, environment: 'test' }),
    createTenant: makeCreateTenant(ports),
    authenticate: makeAuthenticate({ ...ports, credentials: makeCredentialStore(engine) }),
    storeOf: (tenantId: string) => makeTenantStore(engine, tenantId),
  };
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

  it('passes faults on', async () => {
    const { bootstrap, engine } = aPlatform();
    engine.before('tenant', () => Promise.reject(new Error('the table does not answer')));
    await expect(bootstrap(request)).rejects.toThrow('the table does not answer');
  });
});

describe('creating a tenant', () => {
  const by = { id: 'ADMIN', tenantId: PLATFORM_TENANT_ID };
  const record = { digest: 'key', bodyHash: 'hash', status: 201, body: '{}', expiresAt: '2027-01-01T00:00:00.000Z' };

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

  it('passes faults on', async () => {
    const { createTenant, engine } = aPlatform();
    engine.before('tenant', () => Promise.reject(new Error('the table does not answer')));
    await expect(createTenant({ name: 'Acme', slug: 'acme', by })).rejects.toThrow('the table does not answer');
  });
});

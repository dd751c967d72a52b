import { describe, expect, it } from 'vitest';
import { makeCredentialStore } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAuthenticate } from '#application/authenticate';
import { type CreateApiKeyInput, makeCreateApiKey } from '#application/create-api-key';
import { NotFound } from '#domain/errors';
import { RoleTooHigh } from '#domain/tenant/tenant';
import { aWorld } from '#test/support/world';

const user = (role: 'viewer' | 'member' | 'lead' | 'admin') =>
  ({ kind: 'user', id: 'USER', tenantId: 'A', role, name: 'Ada' }) as const;
const aRequest: CreateApiKeyInput = { name: 'ci', role: 'member', expiresInDays: 30, by: user('lead') };

const aTenantWithKeys = async () => {
  const world = await aWorld();
  const ports = { ...world, digest: nodeDigest };
  const create = (fields: Partial<CreateApiKeyInput> = {}) =>
    makeCreateApiKey({ ...ports, environment: 'test' })({ ...aRequest, ...fields });
  const authenticate = makeAuthenticate({ ...ports, credentials: makeCredentialStore(world.engine) });
  return { ...world, ports, createKey: create, authenticate };
};

describe('creating an API key', () => {
  it('answers a text that works until it expires, and stores it nowhere', async () => {
    const { createKey, authenticate, everything, clock } = await aTenantWithKeys();
    const { apiKey, text } = await createKey();
    expect(text).toMatch(/^iorch_test_/);
    expect(JSON.stringify(everything())).not.toContain(text);
    const principal = { kind: 'service', id: apiKey.id, tenantId: 'A', role: 'member', name: 'ci' };
    expect(await authenticate({ authorization: `Bearer ${text}` })).toEqual({ principal });
    clock.advance(30 * 24 * 3600);
    expect(await authenticate({ authorization: `Bearer ${text}` })).toEqual({ failure: 'UNAUTHENTICATED' });
  });

  it('by a member makes a key of that person', async () => {
    const { createKey, authenticate } = await aTenantWithKeys();
    const { apiKey, text } = await createKey({ by: user('member') });
    expect(apiKey).toMatchObject({ userId: 'USER', createdBy: 'USER' });
    expect(await authenticate({ authorization: `Bearer ${text}` })).toMatchObject({
      principal: { kind: 'user', id: 'USER', role: 'member' },
    });
  });

  it('by a service makes a key of no person, if the service runs the tenant', async () => {
    const { createKey } = await aTenantWithKeys();
    const { apiKey } = await createKey({ by: { ...user('lead'), kind: 'service' } });
    expect(apiKey.userId).toBeUndefined();
    // a leaked key must not live on in keys that it made
    await expect(createKey({ by: { ...user('member'), kind: 'service' } })).rejects.toMatchObject({
      code: 'ROLE_TOO_HIGH',
    });
  });

  it('for a runner makes one that is no user and has no role', async () => {
    const { createKey, authenticate } = await aTenantWithKeys();
    const { apiKey, text } = await createKey({ role: 'runner' });
    expect(await authenticate({ authorization: `Bearer ${text}` })).toEqual({
      principal: { kind: 'runner', id: apiKey.id, tenantId: 'A', name: 'ci' },
    });
  });

  it.each([
    ['viewer', 'member'],
    ['member', 'lead'],
    ['lead', 'admin'],
    ['member', 'runner'],
  ] as const)('by a %s never makes one for a %s', async (mine, role) => {
    const { createKey, everything } = await aTenantWithKeys();
    const before = everything();
    await expect(createKey({ by: user(mine), role })).rejects.toThrow(RoleTooHigh);
    expect(everything()).toEqual(before);
  });

  it.each(['viewer', 'member', 'lead', 'admin'] as const)('by a %s may have the same role', async (role) => {
    const { createKey } = await aTenantWithKeys();
    expect((await createKey({ by: user(role), role })).apiKey).toMatchObject({ role });
  });

  it('twice makes two, and remembers each answer in the same change', async () => {
    const { createKey, store, items } = await aTenantWithKeys();
    const record = {
      digest: 'key',
      bodyHash: 'hash',
      rememberedAt: '2026-01-01T00:00:00.000Z',
      status: 201,
      body: '{}',
      expiresAt: '2027-01-01T00:00:00.000Z',
    };
    const first = await createKey({ remember: () => record });
    const second = await createKey();
    expect(first.text).not.toBe(second.text);
    expect(items('credential')).toHaveLength(2);
    expect(await store.findIdempotency('key')).toEqual(record);
    await expect(createKey({ remember: () => record })).rejects.toMatchObject({ what: 'idempotency' });
    expect(items('credential')).toHaveLength(2);
  });

  it('in a tenant that does not exist finds none', async () => {
    const { ports, engine } = await aTenantWithKeys();
    const store = makeTenantStore(engine, 'NOBODY');
    await expect(makeCreateApiKey({ ...ports, store, environment: 'test' })(aRequest)).rejects.toThrow(NotFound);
  });
});

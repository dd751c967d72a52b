import type { ApiKey, Principal } from '#domain/credential/principal';
import { hasRole, type Role, RoleTooHigh } from '#domain/tenant/tenant';
import { newApiKey } from './new-api-key.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

/** A key and its text, which is shown once. */
export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  readonly text: string;
}

export interface CreateApiKeyInput {
  readonly name: string;
  readonly role: Role | 'runner';
  readonly expiresInDays: number;
  readonly by: Extract<Principal, { role: Role }>;
  readonly remember?: ((created: CreatedApiKey) => IdempotencyRecord) | undefined;
}

/** A lead makes keys for services and runners; everybody else only keys of their own, with at most their role. */
const refuseTooHigh = (by: CreateApiKeyInput['by'], role: Role | 'runner') => {
  // a key of a service that makes further keys would outlive its own revocation
  if (by.kind === 'service' && !hasRole(by.role, 'lead')) throw new RoleTooHigh(role);
  if (role === 'runner' ? !hasRole(by.role, 'lead') : !hasRole(by.role, role)) throw new RoleTooHigh(role);
};

/**
 * Makes an API key. Its text is in the answer and nowhere else.
 * @throws NotFound when the tenant does not exist
 * @throws RoleTooHigh
 */
export const makeCreateApiKey =
  ({
    store,
    clock,
    ids,
    digest,
    environment,
  }: {
    store: TenantStore;
    clock: Clock;
    ids: Identifiers;
    digest: Digest;
    environment: 'live' | 'test';
  }) =>
  async ({ name, role, expiresInDays, by, remember }: CreateApiKeyInput): Promise<CreatedApiKey> => {
    refuseTooHigh(by, role);
    await store.getTenant();
    const isOwn = by.kind === 'user' && !hasRole(by.role, 'lead');
    const { apiKey, text, writes } = newApiKey(
      { ids, digest },
      {
        tenantId: store.tenantId,
        name,
        role,
        userId: isOwn ? by.id : undefined,
        expiresInDays,
        createdBy: by.id,
        environment,
        now: clock.now(),
      },
    );
    const record = remember?.({ apiKey, text });
    await retryConflict(clock, () =>
      store.commit([...writes, ...(record ? [{ kind: 'idempotency', record } as const] : [])]),
    );
    return { apiKey, text };
  };

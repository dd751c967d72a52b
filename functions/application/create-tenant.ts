import { ConcurrentUpdate } from '#domain/errors';
import { type Tenant, TenantSlugTaken } from '#domain/tenant/tenant';
import { newTenant } from './new-tenant.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { PlatformLedger } from './ports/platform-ledger.ts';
import type { IdempotencyRecord } from './ports/write.ts';
import { retryConflict } from './retry-conflict.ts';

/** The tenant that was made. */
export type CreatedTenant = Tenant;

export interface CreateTenantInput {
  readonly name: string;
  readonly slug: string;
  readonly by: { readonly id: string; readonly tenantId: string };
  readonly remember?: ((tenant: Tenant) => IdempotencyRecord) | undefined;
}

/**
 * Makes a tenant with its quotas.
 * @throws TenantSlugTaken
 */
export const makeCreateTenant = ({
  ledger,
  clock,
  ids,
}: {
  ledger: PlatformLedger;
  clock: Clock;
  ids: Identifiers;
}) => {
  const decide = async ({ name, slug, by, remember }: CreateTenantInput): Promise<Tenant> => {
    const { tenant, writes } = newTenant({ id: ids.ulid(), name, slug, createdBy: by.id, at: isoNow(clock) });
    const record = remember?.(tenant);
    const groups = [
      { tenantId: tenant.id, writes },
      ...(record ? [{ tenantId: by.tenantId, writes: [{ kind: 'idempotency', record } as const] }] : []),
    ];
    await ledger.commitAll(groups).catch((error: unknown) => {
      if (error instanceof ConcurrentUpdate && error.what === 'slug') throw new TenantSlugTaken(slug);
      throw error;
    });
    return tenant;
  };
  return (input: CreateTenantInput): Promise<Tenant> => retryConflict(clock, () => decide(input));
};

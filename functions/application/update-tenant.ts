import { NotFound, PreconditionFailed } from '#domain/errors';
import type { Tenant } from '#domain/tenant/tenant';
import { type TenantPatch, updateTenant } from '#domain/tenant/update-tenant';
import { tenantWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

export interface UpdateTenantInput {
  readonly tenantId: string;
  readonly patch: TenantPatch;
  readonly ifVersion?: number | undefined;
}

/** The own tenant; any other one is answered like one that does not exist. @throws NotFound */
export const ownTenant = async (store: TenantStore, tenantId: string): Promise<Tenant> => {
  if (tenantId !== store.tenantId) throw new NotFound('tenant');
  return store.getTenant();
};

/** Changes name and settings of the own tenant. @throws NotFound, PreconditionFailed */
export const makeUpdateTenant = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const decide = async ({ tenantId, patch, ifVersion }: UpdateTenantInput): Promise<Tenant> => {
    const tenant = await ownTenant(store, tenantId);
    if (ifVersion !== undefined && ifVersion !== tenant.version) throw new PreconditionFailed(tenant.version);
    const change = updateTenant(tenant, patch, isoNow(clock));
    if (change.events.length > 0) await store.commit(tenantWrites(change, ids));
    return change.after;
  };
  return (input: UpdateTenantInput): Promise<Tenant> => retryConflict(clock, () => decide(input));
};

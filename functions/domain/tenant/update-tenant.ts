import type { DomainEvent } from '#domain/event';
import { allowsTraining, type Tenant } from './tenant.ts';

/** What may be changed of a tenant; what is absent stays. */
export interface TenantPatch {
  readonly name?: string | undefined;
  readonly trainingDataEnabled?: boolean | undefined;
}

/** A tenant before and after, with the event that announces the difference. */
export interface TenantChange {
  readonly before: Tenant;
  readonly after: Tenant;
  readonly events: readonly DomainEvent[];
}

/** Changes a tenant. Values that are there already change nothing and are no event. */
export const updateTenant = (tenant: Tenant, patch: TenantPatch, at: string): TenantChange => {
  const name = patch.name ?? tenant.name;
  const trainingDataEnabled = patch.trainingDataEnabled ?? allowsTraining(tenant);
  const changed = [
    ...(name === tenant.name ? [] : ['name']),
    ...(trainingDataEnabled === allowsTraining(tenant) ? [] : ['settings.training_data_enabled']),
  ];
  if (changed.length === 0) return { before: tenant, after: tenant, events: [] };
  const version = tenant.version + 1;
  const event: DomainEvent = {
    stream: `tenant:${tenant.id}`,
    seq: version,
    type: 'tenant.updated',
    payload: { tenant_id: tenant.id, changed },
    timestamp: at,
  };
  return { before: tenant, after: { ...tenant, name, trainingDataEnabled, version }, events: [event] };
};

import { emptyGate } from '#domain/gate/gate';
import { DEFAULT_QUOTAS, type Tenant } from '#domain/tenant/tenant';
import type { Write } from './ports/write.ts';
import { SESSIONS_GATE } from './session-slot.ts';

/** A tenant with its quota of sessions. */
export const newTenant = (fields: {
  id: string;
  name: string;
  slug: string;
  createdBy: string;
  at: string;
}): { tenant: Tenant; writes: Write[] } => {
  const { id, name, slug, createdBy, at } = fields;
  const tenant: Tenant = { id, name, slug, status: 'active', version: 1, createdAt: at, createdBy, revision: 0 };
  const { maxConcurrentSessions, maxQueuedSessions } = DEFAULT_QUOTAS;
  const gate = { ...emptyGate(SESSIONS_GATE, maxConcurrentSessions, maxQueuedSessions), dueAt: at };
  return {
    tenant,
    writes: [
      { kind: 'tenant', before: null, after: tenant },
      { kind: 'slug', slug, tenantId: id },
      { kind: 'gate', before: null, after: gate },
    ],
  };
};

import { type CreatedTenant, makeCreateTenant } from '#application/create-tenant';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { route } from '#runtime/http/route-handler';
import { presentTenant } from './tenant-view.ts';

/** POST /tenants */
export const createTenant = route(
  tenancyRoutes.createTenant,
  async ({ body, principal, tenantId, remember }, { ledger, clock, ids }) => {
    const answer = (tenant: CreatedTenant) => ({
      body: presentTenant(tenant),
      headers: { location: `/api/v1/tenants/${tenant.id}` },
    });
    const create = makeCreateTenant({ ledger: ledger(), clock, ids });
    return answer(await create({ ...body, by: { id: principal.id, tenantId }, remember: remember(answer) }));
  },
);

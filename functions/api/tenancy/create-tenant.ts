import { type CreatedTenant, makeCreateTenant } from '#application/create-tenant';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';

/** POST /tenants */
export const createTenant = route(
  tenancyRoutes.createTenant,
  async ({ body, principal, tenantId, remember }, { ledger, clock, ids }) => {
    const answer = (tenant: CreatedTenant) => ({
      body: toWire(tenant),
      headers: { location: `/api/v1/tenants/${tenant.id}` },
    });
    const create = makeCreateTenant({ ledger: ledger(), clock, ids });
    return answer(await create({ ...body, by: { id: principal.id, tenantId }, remember: remember(answer) }));
  },
);

import { ownTenant } from '#application/update-tenant';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { route } from '#runtime/http/route-handler';
import { presentTenant } from './tenant-view.ts';

/** GET /tenants/{tenant_id} */
export const getTenant = route(tenancyRoutes.getTenant, async ({ params, tenantId }, { storeOf }) => ({
  body: presentTenant(await ownTenant(storeOf(tenantId), params.tenant_id)),
}));

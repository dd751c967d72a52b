import { makeUpdateTenant } from '#application/update-tenant';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { route } from '#runtime/http/route-handler';
import { presentTenant } from './tenant-view.ts';

/** PATCH /tenants/{tenant_id} */
export const updateTenant = route(
  tenancyRoutes.updateTenant,
  async ({ params, body, tenantId, ifVersion }, { storeOf, clock, ids }) => {
    const patch = { name: body.name, trainingDataEnabled: body.settings?.training_data_enabled };
    const update = makeUpdateTenant({ store: storeOf(tenantId), clock, ids });
    return { body: presentTenant(await update({ tenantId: params.tenant_id, patch, ifVersion })) };
  },
);

import { routes } from '#contracts/routes';
import { operationsOf } from '#runtime/http/caller';
import { route } from '#runtime/http/route-handler';
import { presentTenant } from './tenant-view.ts';

/** GET /me */
export const getMe = route(routes.getMe, async ({ principal, tenantId }, { storeOf, environment }) => {
  const tenant = await storeOf(tenantId).getTenant();
  const name = 'name' in principal ? { name: principal.name } : {};
  return {
    body: {
      principal: { kind: principal.kind, id: principal.id, ...name },
      tenant: presentTenant(tenant),
      role: 'role' in principal ? principal.role : principal.kind,
      operations: operationsOf(Object.values(routes), principal),
      api_version: environment.API_VERSION,
    },
  };
});

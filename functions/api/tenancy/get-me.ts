import { routes } from '#contracts/routes';
import { toWire } from '#contracts/wire-case';
import { operationsOf } from '#runtime/http/caller';
import { route } from '#runtime/http/route-handler';

/** GET /me */
export const getMe = route(routes.getMe, async ({ principal, tenantId }, { storeOf, environment }) => {
  const tenant = await storeOf(tenantId).getTenant();
  const name = 'name' in principal ? { name: principal.name } : {};
  return {
    body: {
      principal: { kind: principal.kind, id: principal.id, ...name },
      tenant: toWire(tenant),
      role: 'role' in principal ? principal.role : principal.kind,
      operations: operationsOf(Object.values(routes), principal),
      api_version: environment.API_VERSION,
    },
  };
});

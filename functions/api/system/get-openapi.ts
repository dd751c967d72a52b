import { systemRoutes } from '#contracts/system-routes';
import { route } from '#runtime/http/route-handler';

/** GET /openapi.json */
export const getOpenapi = route(systemRoutes.getOpenapi, async () => {
  // unpacked for those who ask; a health check does not wait for it
  const { default: document } = await import('#docs/openapi', { with: { type: 'json' } });
  return { body: document };
});

import { routes } from '#contracts/routes';
import { route } from '#runtime/http/route-handler';
import document from '#docs/openapi' with { type: 'json' };

/** GET /openapi.json */
export const getOpenapi = route(routes.getOpenapi, async () => ({ body: document }));

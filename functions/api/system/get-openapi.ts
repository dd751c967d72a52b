import { routes } from '#contracts/routes';
import document from '#docs/openapi' with { type: 'json' };
import { route } from '#runtime/http/route-handler';

/** GET /openapi.json */
export const getOpenapi = route(routes.getOpenapi, async () => ({ body: document }));

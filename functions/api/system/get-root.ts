import { systemRoutes } from '#contracts/system-routes';
import { route } from '#runtime/http/route-handler';

/** GET / */
export const getRoot = route(systemRoutes.getRoot, async (_request, { environment }) => ({
  body: {
    name: 'Industrial Orchestrator',
    version: environment.API_VERSION,
    links: { health: '/health', openapi: '/openapi.json', sessions: '/api/v1/sessions' },
  },
}));

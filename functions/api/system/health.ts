import { isoNow } from '#application/ports/clock';
import { systemRoutes } from '#contracts/system-routes';
import { route } from '#runtime/http/route-handler';

/** GET /health */
export const getHealth = route(systemRoutes.getHealth, async (_request, { environment, clock, tableAnswers }) => ({
  body: {
    status: (await tableAnswers()) ? 'healthy' : 'unhealthy',
    version: environment.API_VERSION,
    stage: environment.STAGE,
    region: environment.AWS_REGION,
    time: isoNow(clock),
  },
}));

/** GET /health/live */
export const getLiveness = route(systemRoutes.getLiveness, async () => ({ body: { status: 'alive' } }));

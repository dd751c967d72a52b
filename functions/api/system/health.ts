import { isoNow } from '#application/ports/clock';
import { routes } from '#contracts/routes';
import { route } from '#runtime/http/route-handler';

/** GET /health */
export const getHealth = route(routes.getHealth, async (_request, { environment, clock, tableAnswers }) => ({
  body: {
    status: (await tableAnswers()) ? 'healthy' : 'unhealthy',
    version: environment.API_VERSION,
    stage: environment.STAGE,
    region: environment.AWS_REGION,
    time: isoNow(clock),
  },
}));

/** GET /health/live */
export const getLiveness = route(routes.getLiveness, async () => ({ body: { status: 'alive' } }));

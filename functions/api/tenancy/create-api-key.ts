import { type CreatedApiKey, makeCreateApiKey } from '#application/create-api-key';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { Refusal } from '#runtime/http/refusal';
import { route } from '#runtime/http/route-handler';
import { presentApiKey } from './api-key-view.ts';

/** POST /api-keys */
export const createApiKey = route(
  tenancyRoutes.createApiKey,
  async ({ body, principal, tenantId, remember }, { storeOf, clock, ids, digest, environment }) => {
    if (!('role' in principal)) throw new Refusal('FORBIDDEN', 'only people and services make keys');
    const answer = (made: Pick<CreatedApiKey, 'apiKey'>, shown: string | null) => ({
      body: presentApiKey(made.apiKey, shown),
      headers: { location: `/api/v1/api-keys/${made.apiKey.id}` },
    });
    const create = makeCreateApiKey({
      store: storeOf(tenantId),
      clock,
      ids,
      digest,
      environment: environment.KEY_ENVIRONMENT,
    });
    const { apiKey, text } = await create({
      name: body.name,
      role: body.role,
      expiresInDays: body.expires_in_days,
      by: principal,
      remember: remember((made: CreatedApiKey) => answer(made, null)),
    });
    return answer({ apiKey }, text);
  },
);

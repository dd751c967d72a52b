import { makeBootstrapPlatform } from '#application/bootstrap-platform';
import { tenancyRoutes } from '#contracts/tenancy-routes';
import { fromWire, toWire } from '#contracts/wire-case';
import { route } from '#runtime/http/route-handler';
import type { PortsWithSecrets } from '#runtime/ports-with-secrets';
import { presentApiKey } from './api-key-view.ts';
import { presentTenant } from './tenant-view.ts';

/** POST /bootstrap */
export const bootstrapPlatform = route(
  tenancyRoutes.bootstrapPlatform,
  async ({ body }, { ledger, clock, ids, digest, secrets, environment }: PortsWithSecrets) => {
    const { bootstrapToken, ...input } = fromWire(body);
    const bootstrap = makeBootstrapPlatform({
      ledger: ledger(),
      clock,
      ids,
      digest,
      secrets,
      environment: environment.KEY_ENVIRONMENT,
    });
    const { admin, tenant, apiKey, text } = await bootstrap({ token: bootstrapToken, ...input });
    return {
      body: { admin: toWire(admin), tenant: presentTenant(tenant), api_key: presentApiKey(apiKey, text) },
      headers: { location: `/api/v1/tenants/${tenant.id}` },
    };
  },
);

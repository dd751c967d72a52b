import { systemClock } from '#adapters/node/system-clock';
import { makeAssumeTenantRole, type TenantCredentials } from '#adapters/sts/assume-tenant-role';
import { ownCredentials, parseEnvironment, required } from './environment.ts';
import { lazy } from './lazy.ts';

/** What is left of the life of credentials that are given out: more than any address that they sign is good for. */
const LEAST_LIFE_MS = 20 * 60_000;

/** Asks anew only when credentials near their end. A refusal is not kept. */
export const keptCredentials = (assume: (tenantId: string) => Promise<TenantCredentials>, now: () => number) => {
  const kept = new Map<string, TenantCredentials>();
  return async (tenantId: string): Promise<TenantCredentials> => {
    const known = kept.get(tenantId);
    if (known && known.expiration.getTime() - now() > LEAST_LIFE_MS) return known;
    const fresh = await assume(tenantId);
    kept.set(tenantId, fresh);
    return fresh;
  };
};

/** Asks for credentials that reach what one tenant has, in a deployed function. */
export const assumeTenantRole = lazy(() => {
  const environment = parseEnvironment(process.env);
  return makeAssumeTenantRole({
    roleArn: required(environment, 'TENANT_ROLE_ARN'),
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL,
    credentials: () => ownCredentials(process.env),
    clock: systemClock,
  });
});

/** Credentials of a tenant for requests that we sign ourselves. */
export const tenantCredentials = lazy(() => keptCredentials(assumeTenantRole(), () => systemClock.now()));

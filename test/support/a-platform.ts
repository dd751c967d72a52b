import { makeCredentialStore, makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeAuthenticate } from '#application/authenticate';
import { makeBootstrapPlatform } from '#application/bootstrap-platform';
import { makeCreateTenant } from '#application/create-tenant';
import { aClock, countedIdentifiers, fixedSecrets, interrupted } from './ports-in-memory.ts';

/** An empty platform in memory and what is done on it. */
export const aPlatform = () => {
  const memory = makeMemoryEngine();
  const engine = interrupted(memory);
  const ports = { ledger: makePlatformLedger(engine), clock: aClock(), ids: countedIdentifiers(), digest: nodeDigest };
  return {
    engine,
    everything: () => structuredClone(memory.items()),
    bootstrap: makeBootstrapPlatform({ ...ports, secrets: fixedSecrets, environment: 'test' }),
    createTenant: makeCreateTenant(ports),
    authenticate: makeAuthenticate({ ...ports, credentials: makeCredentialStore(engine) }),
    storeOf: (tenantId: string) => makeTenantStore(engine, tenantId),
  };
};

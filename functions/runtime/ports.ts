import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeCredentialStore, makeDueWork, makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeIdentifiers } from '#adapters/node/random-identifiers';
import { systemClock } from '#adapters/node/system-clock';
import type { Clock } from '#application/ports/clock';
import type { CredentialStore } from '#application/ports/credential-store';
import type { Digest } from '#application/ports/digest';
import type { DueWork } from '#application/ports/due-work';
import type { Identifiers } from '#application/ports/identifiers';
import type { TextObjects } from '#application/ports/object-store';
import type { PlatformLedger } from '#application/ports/platform-ledger';
import type { TenantStore } from '#application/ports/tenant-store';
import { type Environment, parseEnvironment, required } from './environment.ts';
import { lazy } from './lazy.ts';
import { assumeTenantRole } from './tenant-credentials.ts';
import { makeTenantEngines } from './tenant-engines.ts';

/**
 * What most functions need, joined to its adapter: the table, and what needs no client. Clients are made when they are first used.
 * Every other service has a file of its own beside this one, so that only the bundles of functions that use it hold its client.
 */
export interface Ports {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly digest: Digest;
  /** Uniform in 0 … 1. */
  readonly chance: () => number;
  /** What is stored of one tenant, reached with credentials that reach nothing else; `texts` for who may meet large checkpoints. */
  readonly storeOf: (tenantId: string, texts?: TextObjects) => TenantStore;
  readonly credentials: () => CredentialStore;
  readonly ledger: () => PlatformLedger;
  readonly dueWork: () => DueWork;
  /** Whether the table answers. */
  readonly tableAnswers: () => Promise<boolean>;
}

const PROBE = { pk: 'PROBE', sk: 'PROBE' };

/** Ports over a given engine, and one for each tenant's items; the rest from the environment. */
export const portsOver = (
  environment: Environment,
  engine: () => ItemEngine,
  engineOf: (tenantId: string) => ItemEngine = engine,
): Ports => ({
  environment,
  clock: systemClock,
  ids: makeIdentifiers(systemClock),
  digest: nodeDigest,
  chance: Math.random,
  storeOf: (tenantId, texts) => makeTenantStore(engineOf(tenantId), tenantId, texts),
  credentials: () => makeCredentialStore(engine()),
  ledger: () => makePlatformLedger(engine()),
  dueWork: () => makeDueWork(engine()),
  tableAnswers: async () => {
    try {
      await engine().get(PROBE);
      return true;
    } catch {
      return false;
    }
  },
});

const engineOn = (client: DynamoDBClient, environment: Environment): ItemEngine => {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return makeDynamoEngine(documents, required(environment, 'TABLE_NAME'));
};

/** The ports of a deployed function. */
export const ports = lazy((): Ports => {
  const environment = parseEnvironment(process.env);
  const own = lazy(() => new DynamoDBClient({}));
  const engineOf = makeTenantEngines((tenantId) =>
    // the connections are shared, the credentials are not
    engineOn(
      new DynamoDBClient({
        requestHandler: own().config.requestHandler,
        credentials: () => assumeTenantRole()(tenantId),
      }),
      environment,
    ),
  );
  return portsOver(
    environment,
    lazy(() => engineOn(own(), environment)),
    engineOf,
  );
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeCredentialStore, makeDueWork, makePlatformLedger } from '#adapters/dynamodb/platform-store';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeEventBus } from '#adapters/event-bridge/event-bridge-bus';
import { nodeDigest } from '#adapters/node/node-digest';
import { makeIdentifiers } from '#adapters/node/random-identifiers';
import { systemClock } from '#adapters/node/system-clock';
import { makeSecretReader } from '#adapters/secrets-manager/secrets-manager-secrets';
import { makeExecutions } from '#adapters/step-functions/sfn-executions';
import { makeTaskTokens } from '#adapters/step-functions/sfn-task-tokens';
import type { Clock } from '#application/ports/clock';
import type { CredentialStore } from '#application/ports/credential-store';
import type { Digest } from '#application/ports/digest';
import type { DueWork } from '#application/ports/due-work';
import type { EventBus } from '#application/ports/event-bus';
import type { Executions, TaskTokens } from '#application/ports/executions';
import type { Identifiers } from '#application/ports/identifiers';
import type { PlatformLedger } from '#application/ports/platform-ledger';
import type { Secrets } from '#application/ports/secrets';
import type { TenantStore } from '#application/ports/tenant-store';
import { type Environment, parseEnvironment, required } from './environment.ts';
import { lazy } from './lazy.ts';

/** Everything a use case may need, joined to its adapter. Clients are made when they are first used. */
export interface Ports {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly digest: Digest;
  readonly secrets: Secrets;
  /** The seam where each tenant gets credentials of its own. */
  readonly storeOf: (tenantId: string) => TenantStore;
  readonly credentials: () => CredentialStore;
  readonly ledger: () => PlatformLedger;
  readonly dueWork: () => DueWork;
  readonly tokens: () => TaskTokens;
  readonly executions: () => Executions;
  readonly bus: () => EventBus;
  /** Whether the table answers. */
  readonly tableAnswers: () => Promise<boolean>;
}

const PROBE = { pk: 'PROBE', sk: 'PROBE' };

/** Ports over a given engine; the rest from the environment. */
export const portsOver = (environment: Environment, engine: () => ItemEngine): Ports => {
  const secret = lazy(() => makeSecretReader(new SecretsManagerClient({})));
  const stepFunctions = lazy(() => new SFNClient({}));
  return {
    environment,
    clock: systemClock,
    ids: makeIdentifiers(systemClock),
    digest: nodeDigest,
    secrets: {
      agentMasterKey: () => secret()(required(environment, 'AGENT_MASTER_KEY_SECRET')),
      bootstrapToken: () => secret()(required(environment, 'BOOTSTRAP_TOKEN_SECRET')),
    },
    storeOf: (tenantId) => makeTenantStore(engine(), tenantId),
    credentials: () => makeCredentialStore(engine()),
    ledger: () => makePlatformLedger(engine()),
    dueWork: () => makeDueWork(engine()),
    tokens: lazy(() => makeTaskTokens(stepFunctions())),
    executions: lazy(() => makeExecutions(stepFunctions(), required(environment, 'SESSION_LIFECYCLE_ARN'))),
    bus: lazy(() => makeEventBus(new EventBridgeClient({}), required(environment, 'EVENT_BUS_NAME'))),
    tableAnswers: async () => {
      try {
        await engine().get(PROBE);
        return true;
      } catch {
        return false;
      }
    },
  };
};

const documentClient = () =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

/** The ports of a deployed function. */
export const ports = lazy((): Ports => {
  const environment = parseEnvironment(process.env);
  return portsOver(
    environment,
    lazy(() => makeDynamoEngine(documentClient(), required(environment, 'TABLE_NAME'))),
  );
});

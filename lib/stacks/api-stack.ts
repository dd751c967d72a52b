import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { routes } from '#contracts/routes';
import type { ArtifactBucket } from '#lib/constructs/artifact-bucket';
import { NodeFunction, type StageProps } from '#lib/constructs/node-function';
import { RoutedApi } from '#lib/constructs/routed-api';
import type { TenantTable } from '#lib/constructs/tenant-table';
import { allowTrainingPolling, tellTraining } from '#lib/constructs/training-access';
import type { FunctionName } from '#lib/functions';

/** Below the 30 s after which the gateway gives up, so that the answer is ours. */
const TIMEOUT = Duration.seconds(28);
/** Below the 10 s that the gateway gives an authorizer. */
const AUTHORIZER_TIMEOUT = Duration.seconds(9);
/** Roles of routes that know their caller by other means, or need not know. */
const OPEN_ROLES: readonly string[] = ['public', 'bootstrap'];

export interface ApiStackProps extends StackProps, StageProps {
  readonly table: TenantTable;
  readonly artifacts: ArtifactBucket;
  readonly agentMasterKey: Secret;
  readonly bootstrapToken: Secret;
  /** Of the package; reported by health. */
  readonly version: string;
}

type AddFunction = (name: FunctionName, environment: Record<string, string>) => NodeFunction;

type FineTuningProps = Pick<ApiStackProps, 'table' | 'artifacts' | 'settings'>;

/** What deals with datasets, training jobs and models. */
const addFineTuning = (add: AddFunction, { table, artifacts, settings }: FineTuningProps) => {
  const command = add('fine-tuning-command', artifacts.environment);
  table.grantRead(command, 'gsi1');
  table.grantWrite(command);
  artifacts.grantTenantDatasetDelete(command);

  const query = add('fine-tuning-query', artifacts.environment);
  table.grantRead(query, 'gsi1');
  artifacts.grantTenantDatasetRead(query);

  const poll = add('fine-tuning-poll', {});
  table.grantRead(poll, 'gsi1');
  table.grantWrite(poll);
  if (settings.training) {
    allowTrainingPolling(poll, settings.stage);
    for (const fn of [command, poll, query]) tellTraining(fn, settings.training, artifacts);
  }
  return { 'fine-tuning-command': command, 'fine-tuning-poll': poll, 'fine-tuning-query': query };
};

type TenancyProps = Pick<ApiStackProps, 'table' | 'bootstrapToken' | 'settings' | 'version'>;

/** What deals with tenants and their keys. */
const addTenancy = (add: AddFunction, { table, bootstrapToken, settings, version }: TenancyProps) => {
  const command = add('tenancy-command', {
    BOOTSTRAP_TOKEN_SECRET: bootstrapToken.secretArn,
    KEY_ENVIRONMENT: settings.keyEnvironment,
  });
  table.grantRead(command);
  table.grantWrite(command);
  table.grantIssue(command);
  table.grantFound(command);
  bootstrapToken.grantRead(command);

  const query = add('tenancy-query', { API_VERSION: version });
  table.grantRead(query);
  return { 'tenancy-command': command, 'tenancy-query': query };
};

/** The HTTPS API: one function per resource and privilege, each with only what its routes need. */
export class ApiStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { table, artifacts, agentMasterKey, bootstrapToken, version, settings, code, ...props }: ApiStackProps,
  ) {
    super(scope, id, props);
    const add = (name: FunctionName, environment: Record<string, string> = {}, timeout = TIMEOUT) =>
      new NodeFunction(this, name, { settings, code, timeout, environment });
    const addWithTable = (name: FunctionName, environment: Record<string, string> = {}, timeout = TIMEOUT) =>
      add(name, { TABLE_NAME: table.tableName, ...environment }, timeout);

    const authorizer = addWithTable('authorizer', {}, AUTHORIZER_TIMEOUT);
    table.grantAuthRead(authorizer);

    const sessionsCommand = addWithTable('sessions-command', artifacts.environment);
    table.grantRead(sessionsCommand);
    table.grantWrite(sessionsCommand);
    table.grantTally(sessionsCommand);
    artifacts.grantWrite(sessionsCommand);

    const sessionsQuery = addWithTable('sessions-query', artifacts.environment);
    table.grantRead(sessionsQuery, 'gsi1');
    artifacts.grantRead(sessionsQuery);

    const agentsQuery = addWithTable('agents-query');
    table.grantRead(agentsQuery, 'gsi1');

    const eap = addWithTable('eap', {
      AGENT_MASTER_KEY_SECRET: agentMasterKey.secretArn,
      LEASE_SECONDS: String(settings.leaseSeconds),
      AGENT_POLL_SECONDS: String(settings.agentPollSeconds),
      AGENT_IDLE_POLL_SECONDS: String(settings.agentIdlePollSeconds),
      ...artifacts.environment,
    });
    table.grantRead(eap, 'gsi1', 'gsi2');
    table.grantWrite(eap);
    table.grantIssue(eap);
    agentMasterKey.grantRead(eap);
    artifacts.grantRead(eap);
    artifacts.grantWrite(eap);

    const presign = addWithTable('presign', artifacts.environment);
    table.grantRead(presign);
    table.grantWrite(presign);
    artifacts.grantRead(presign);
    artifacts.grantUpload(presign);

    const system = addWithTable('system', { API_VERSION: version, LEASE_SECONDS: String(settings.leaseSeconds) });
    table.grantProbe(system);

    const api = new RoutedApi(this, 'Http', {
      routes: Object.values(routes).map((route) => ({ ...route, isOpen: OPEN_ROLES.includes(route.role) })),
      groups: {
        'sessions-command': sessionsCommand,
        'sessions-query': sessionsQuery,
        eap,
        'agents-query': agentsQuery,
        presign,
        ...addFineTuning(addWithTable, { table, artifacts, settings }),
        ...addTenancy(addWithTable, { table, bootstrapToken, settings, version }),
        system,
      },
      fallback: add('fallback'),
      authorizer,
    });
    for (const [name, value] of Object.entries({ ApiUrl: api.url, ApiId: api.apiId }))
      new CfnOutput(this, name, { value });
  }
}

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

/** Functions that need the table and nothing else. */
const plainFunctions = (
  addWithTable: (name: FunctionName) => NodeFunction,
  { table, artifacts, settings }: Pick<ApiStackProps, 'table' | 'artifacts' | 'settings'>,
) => {
  const agentsQuery = addWithTable('agents-query');
  table.grantRead(agentsQuery, 'gsi1');
  const fineTuningCommand = addWithTable('fine-tuning-command');
  table.grantRead(fineTuningCommand, 'gsi1');
  table.grantWrite(fineTuningCommand);
  if (settings.training) {
    allowTrainingPolling(fineTuningCommand, settings.stage);
    tellTraining(fineTuningCommand, settings.training, artifacts);
  }
  const fineTuningQuery = addWithTable('fine-tuning-query');
  table.grantRead(fineTuningQuery, 'gsi1');
  return {
    'agents-query': agentsQuery,
    'fine-tuning-command': fineTuningCommand,
    'fine-tuning-query': fineTuningQuery,
  };
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
    artifacts.grantWrite(sessionsCommand);

    const sessionsQuery = addWithTable('sessions-query', artifacts.environment);
    table.grantRead(sessionsQuery, 'gsi1');
    artifacts.grantRead(sessionsQuery);

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

    const tenancyCommand = addWithTable('tenancy-command', {
      BOOTSTRAP_TOKEN_SECRET: bootstrapToken.secretArn,
      KEY_ENVIRONMENT: settings.keyEnvironment,
    });
    table.grantRead(tenancyCommand);
    table.grantWrite(tenancyCommand);
    table.grantIssue(tenancyCommand);
    table.grantFound(tenancyCommand);
    bootstrapToken.grantRead(tenancyCommand);

    const tenancyQuery = addWithTable('tenancy-query', { API_VERSION: version });
    table.grantRead(tenancyQuery);

    const system = addWithTable('system', { API_VERSION: version, LEASE_SECONDS: String(settings.leaseSeconds) });
    table.grantProbe(system);

    const api = new RoutedApi(this, 'Http', {
      routes: Object.values(routes).map((route) => ({ ...route, isOpen: OPEN_ROLES.includes(route.role) })),
      groups: {
        'sessions-command': sessionsCommand,
        'sessions-query': sessionsQuery,
        eap,
        presign,
        ...plainFunctions(addWithTable, { table, artifacts, settings }),
        'tenancy-command': tenancyCommand,
        'tenancy-query': tenancyQuery,
        system,
      },
      fallback: add('fallback'),
      authorizer,
    });
    for (const [name, value] of Object.entries({ ApiUrl: api.url, ApiId: api.apiId }))
      new CfnOutput(this, name, { value });
  }
}

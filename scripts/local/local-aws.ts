import { join } from 'node:path';
import { projectRoot } from './cloud-folder.ts';
import { Problem } from './problem.mjs';

export const region = 'us-east-1';
export const account = '000000000000';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What every AWS client of a script is made with. Throws a Problem when the endpoint is not on this machine. */
export const localAws = (endpoint: string) => {
  requireLocal(endpoint);
  return { endpoint, region, credentials };
};

/** Throws a Problem unless the endpoint is on this machine, so that no script ever reaches a real account. */
export const requireLocal = (endpoint: string | undefined): void => {
  const host = endpoint && URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) {
    throw new Problem(
      `The local cloud is deployed to this machine only, not to "${endpoint ?? ''}": use npx cdk deploy for a real account.`,
    );
  }
};

/**
 * The whole environment of the CDK's command line against the local cloud: made up credentials, no profile, no
 * configuration of the user's. Throws a Problem when the endpoint is not on this machine.
 */
export const cdkEnvironment = (endpoint: string, home: string): NodeJS.ProcessEnv => {
  requireLocal(endpoint);
  return {
    HOME: home,
    PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
};

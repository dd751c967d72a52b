import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { ApiProblem, ApiUnreachable, makeClient } from '#contracts/client';
import { localAws } from './local-aws.ts';
import { readJson, writePrivateJson } from './private-file.ts';
import { Problem } from './problem.mjs';
import { type KeyRole, Keys, roles } from './stack-file.ts';

/** Everything that was seeded. Secret, like the file it is kept in. */
const Credentials = z.object({ platform_admin_key: z.string(), tenant_id: z.string(), keys: Keys.partial() });
type Credentials = z.infer<typeof Credentials>;

/** A tenant with one key per role. */
export interface Demo {
  readonly tenant_id: string;
  readonly keys: Keys;
}

export interface SeedTarget {
  readonly endpoint: string;
  readonly apiUrl: string;
  readonly bootstrapTokenSecret: string;
  /** Keeps what was made, so that a later start finds it again. */
  readonly credentialsFile: string;
}

const keyLifeDays = 365;

const isAccepted = async (apiUrl: string, key: string | undefined): Promise<boolean> => {
  if (!key) return false;
  try {
    await makeClient({ baseUrl: apiUrl, credential: key }).call('getMe', {});
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && [401, 403].includes(error.problem.status)) return false;
    throw error;
  }
};

const readBootstrapToken = async ({ endpoint, bootstrapTokenSecret }: SeedTarget): Promise<string> => {
  const client = new SecretsManagerClient(localAws(endpoint));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: bootstrapTokenSecret }));
  if (!SecretString) throw new Error('the bootstrap token is empty');
  return SecretString;
};

/** Makes the administrator and the demo tenant. Works once in the life of a cloud. */
const bootstrap = async (target: SeedTarget): Promise<Credentials> => {
  const body = {
    bootstrap_token: await readBootstrapToken(target),
    email: 'admin@example.com',
    full_name: 'Local Administrator',
    tenant_name: 'Demo',
    tenant_slug: 'demo',
  };
  try {
    const { api_key, tenant } = await makeClient({ baseUrl: target.apiUrl }).call('bootstrapPlatform', { body });
    const credentials = { platform_admin_key: shown(api_key.key), tenant_id: tenant.id, keys: {} };
    writePrivateJson(target.credentialsFile, credentials);
    return credentials;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.code !== 'ALREADY_BOOTSTRAPPED') throw error;
    throw new Problem(
      'The local cloud has an administrator whose key is lost: run npm run reset, which forgets its data, and then npm start.',
      { cause: error },
    );
  }
};

const shown = (key: string | null): string => {
  if (key === null) throw new Error('the API did not show the new key');
  return key;
};

const makeKey = async (
  apiUrl: string,
  { platform_admin_key, tenant_id }: Credentials,
  role: KeyRole,
): Promise<string> => {
  const { key } = await makeClient({ baseUrl: apiUrl, credential: platform_admin_key }).call('createApiKey', {
    headers: { 'x-tenant-id': tenant_id },
    body: { name: `demo ${role}`, role, expires_in_days: keyLifeDays },
  });
  return shown(key);
};

/**
 * Makes the demo tenant and a key per role through the public API; what is there and still works is kept. Every piece is
 * recorded as soon as it is made, so that an interrupted call is gone on with by the next one.
 * Throws a Problem when the cloud has an administrator whose key nobody knows.
 */
export const seed = (target: SeedTarget, remark: (text: string) => void): Promise<Demo> =>
  makeDemo(target, remark).catch((error: unknown) => {
    if (!(error instanceof ApiProblem || error instanceof ApiUnreachable)) throw error;
    throw new Problem(`The demo tenant could not be made: ${error.message}. Run npm run reset and then npm start.`, {
      cause: error,
    });
  });

const makeDemo = async (target: SeedTarget, remark: (text: string) => void): Promise<Demo> => {
  const { apiUrl, credentialsFile } = target;
  const known = readJson(credentialsFile, (value) => Credentials.parse(value));
  const isKnown = await isAccepted(apiUrl, known?.platform_admin_key);
  const credentials = known && isKnown ? known : await bootstrap(target);
  const keys: Partial<Keys> = {};
  let made = 0;
  for (const role of roles) {
    const before = credentials.keys[role];
    if (before && (await isAccepted(apiUrl, before))) {
      keys[role] = before;
      continue;
    }
    keys[role] = await makeKey(apiUrl, credentials, role);
    made += 1;
    writePrivateJson(credentialsFile, { ...credentials, keys: { ...credentials.keys, ...keys } });
  }
  if (made === 0) remark('unchanged');
  else if (known) remark('made anew: the keys of before are lost');
  return { tenant_id: credentials.tenant_id, keys: Keys.parse(keys) };
};

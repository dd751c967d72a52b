import type { Clock } from '#application/ports/clock';
import { type AwsCredentials, signRequest } from './sign-request.ts';
import { TENANT_TAG } from './tenant-tag.ts';

/** Credentials that reach the items of one tenant, until they expire. */
export interface TenantCredentials extends AwsCredentials {
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface AssumeTenantRoleOptions {
  readonly roleArn: string;
  readonly region: string;
  /** @default the service's address in the region */
  readonly endpoint?: string | undefined;
  /** Who asks: the function's own credentials. */
  readonly credentials: () => AwsCredentials;
  readonly clock: Pick<Clock, 'now'>;
  readonly fetch?: typeof globalThis.fetch;
}

/** A session that begins from a role's credentials lasts an hour at most. */
const LIFE_SECONDS = 3600;
const TIMEOUT_MS = 5000;

const element = (xml: string, name: string): string => {
  const found = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
  if (found === undefined) throw new Error(`the answer of AssumeRole has no ${name}`);
  return found.trim();
};

/** Asks for credentials that are tagged with one tenant. @throws Error when they are refused; a repeat may get them */
export const makeAssumeTenantRole =
  ({ roleArn, region, endpoint, credentials, clock, fetch = globalThis.fetch }: AssumeTenantRoleOptions) =>
  async (tenantId: string): Promise<TenantCredentials> => {
    const url = new URL(endpoint ?? `https://sts.${region}.amazonaws.com/`);
    const body = new URLSearchParams({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: tenantId,
      DurationSeconds: String(LIFE_SECONDS),
      'Tags.member.1.Key': TENANT_TAG,
      'Tags.member.1.Value': tenantId,
    }).toString();
    const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
    const signer = { credentials: credentials(), region, service: 'sts', now: clock.now() };
    const headers = await signRequest({ method: 'POST', url, contentType, body }, signer);
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`AssumeRole was answered with ${response.status}: ${text.slice(0, 500)}`);
    return {
      accessKeyId: element(text, 'AccessKeyId'),
      secretAccessKey: element(text, 'SecretAccessKey'),
      sessionToken: element(text, 'SessionToken'),
      expiration: new Date(element(text, 'Expiration')),
    };
  };

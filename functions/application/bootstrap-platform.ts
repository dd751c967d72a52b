import type { ApiKey } from '#domain/credential/principal';
import { ConcurrentUpdate, DomainError } from '#domain/errors';
import {
  AlreadyBootstrapped,
  PLATFORM_TENANT_ID,
  type Tenant,
  TenantSlugTaken,
  type User,
} from '#domain/tenant/tenant';
import { newApiKey } from './new-api-key.ts';
import { newTenant } from './new-tenant.ts';
import type { Clock } from './ports/clock.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { PlatformLedger } from './ports/platform-ledger.ts';
import type { Secrets } from './ports/secrets.ts';
import { retryConflict } from './retry-conflict.ts';

/** The bootstrap token is not the one of the deployment. */
export class WrongBootstrapToken extends DomainError {
  readonly code = 'UNAUTHENTICATED';

  constructor() {
    super('the bootstrap token is not valid');
  }
}

export interface BootstrapInput {
  readonly token: string;
  readonly email: string;
  readonly fullName: string;
  readonly tenantName: string;
  readonly tenantSlug: string;
}

export interface Bootstrapped {
  readonly admin: User;
  readonly tenant: Tenant;
  readonly apiKey: ApiKey;
  readonly text: string;
}

const KEY_DAYS = 90;

/** Only a condition that failed tells that something exists; meeting another transaction does not. */
const meaningOf = (error: unknown, slug: string): unknown => {
  if (!(error instanceof ConcurrentUpdate)) return error;
  if (error.what === 'slug') return new TenantSlugTaken(slug);
  return error.what === 'tenant' ? new AlreadyBootstrapped() : error;
};

interface Ports {
  readonly ledger: PlatformLedger;
  readonly clock: Clock;
  readonly ids: Identifiers;
  readonly digest: Digest;
  readonly secrets: Secrets;
  readonly environment: 'live' | 'test';
}

/**
 * Makes the platform's first admin with a key, and the first tenant, in one transaction that succeeds once.
 * @throws WrongBootstrapToken, AlreadyBootstrapped, TenantSlugTaken
 */
export const makeBootstrapPlatform =
  ({ ledger, clock, ids, digest, secrets, environment }: Ports) =>
  async ({ token, email, fullName, tenantName, tenantSlug }: BootstrapInput): Promise<Bootstrapped> => {
    if (!digest.equal(digest.sha256(token), digest.sha256(await secrets.bootstrapToken())))
      throw new WrongBootstrapToken();
    const now = clock.now();
    const at = new Date(now).toISOString();
    const admin: User = {
      tenantId: PLATFORM_TENANT_ID,
      id: ids.ulid(),
      email,
      fullName,
      role: 'admin',
      createdAt: at,
      revision: 1,
    };
    const platform: Tenant = {
      id: PLATFORM_TENANT_ID,
      name: 'Platform',
      slug: 'platform',
      status: 'active',
      version: 1,
      createdAt: at,
      createdBy: admin.id,
      revision: 0,
    };
    const key = newApiKey(
      { ids, digest },
      {
        tenantId: PLATFORM_TENANT_ID,
        name: `${fullName} (bootstrap)`.slice(0, 100),
        role: 'admin',
        userId: admin.id,
        expiresInDays: KEY_DAYS,
        createdBy: admin.id,
        environment,
        now,
      },
    );
    const { tenant, writes } = newTenant({
      id: ids.ulid(),
      name: tenantName,
      slug: tenantSlug,
      createdBy: admin.id,
      at,
    });
    const groups = [
      {
        tenantId: PLATFORM_TENANT_ID,
        writes: [
          { kind: 'tenant', before: null, after: platform } as const,
          { kind: 'user', user: admin } as const,
          ...key.writes,
        ],
      },
      { tenantId: tenant.id, writes },
    ];
    await retryConflict(clock, () =>
      ledger.commitAll(groups).catch((error) => Promise.reject(meaningOf(error, tenantSlug))),
    );
    return { admin, tenant, apiKey: key.apiKey, text: key.text };
  };

import { DomainError } from '#domain/errors';

/** Holds admins and nothing else. */
export const PLATFORM_TENANT_ID = '00000000000000000000000000';

export const DEFAULT_QUOTAS = {
  maxConcurrentSessions: 10,
  maxQueuedSessions: 1000,
  maxAgents: 100,
  maxTrainingJobs: 2,
} as const;

/** A customer of the platform. Its slug never changes. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly status: 'active';
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Whether the tenant's sessions may be learned from. @default true */
  readonly trainingDataEnabled?: boolean | undefined;
  readonly revision: number;
}

/** Whether the tenant lets its sessions be learned from. */
export const allowsTraining = ({ trainingDataEnabled = true }: Tenant): boolean => trainingDataEnabled;

/** A person of a tenant. */
export interface User {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly revision: number;
}

export const ROLES = ['viewer', 'member', 'lead', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a role has every right of another one. */
export const hasRole = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** The slug names another tenant. */
export class TenantSlugTaken extends DomainError {
  readonly code = 'TENANT_SLUG_TAKEN';

  constructor(slug: string) {
    super(`a tenant with the slug ${slug} exists`);
  }
}

/** The platform has its first admin already. */
export class AlreadyBootstrapped extends DomainError {
  readonly code = 'ALREADY_BOOTSTRAPPED';

  constructor() {
    super('the platform was bootstrapped before');
  }
}

/** Nobody hands out more rights than they have. */
export class RoleTooHigh extends DomainError {
  readonly code = 'ROLE_TOO_HIGH';

  constructor(asked: string) {
    super(`the role ${asked} is above your own`);
  }
}

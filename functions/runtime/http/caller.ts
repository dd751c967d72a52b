import type { TenantReader } from '#application/ports/tenant-store';
import type { ErrorCode } from '#contracts/errors';
import type { Route } from '#contracts/route';
import type { Principal } from '#domain/credential/principal';
import { NotFound } from '#domain/errors';
import { hasRole, PLATFORM_TENANT_ID, type Role } from '#domain/tenant/tenant';
import { Refusal } from './refusal.ts';

/** What the authorizer put into the request: a principal, or why there is none. */
export interface AuthorizerContext {
  readonly principal?: string;
  readonly failure?: string;
}

/** Who calls, and the tenant the call is about. */
export interface Caller {
  readonly principal: Principal;
  readonly tenantId: string;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const FAILURE_TEXT: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'the request carries no valid credential',
  INVALID_AGENT_TOKEN: 'the agent token is not valid',
};

/** @throws Refusal 401 when the authorizer found no principal */
export const principalOf = (context: AuthorizerContext | undefined): Principal => {
  if (context?.principal) return JSON.parse(context.principal) as Principal;
  const code: ErrorCode = context?.failure === 'INVALID_AGENT_TOKEN' ? 'INVALID_AGENT_TOKEN' : 'UNAUTHENTICATED';
  throw new Refusal(code, FAILURE_TEXT[code] ?? code, { headers: { 'www-authenticate': 'Bearer' } });
};

/**
 * The tenant of a request: the credential's, or the one that an admin names to act in it.
 * @throws Refusal 400 for a malformed id, 403 for a tenant that the credential does not grant
 */
export const tenantOf = (principal: Principal, header: string | undefined): string => {
  if (header === undefined) return principal.tenantId;
  const asked = header.trim().toUpperCase();
  if (!ULID.test(asked)) throw new Refusal('INVALID_TENANT_ID', 'X-Tenant-ID is not a ULID');
  const isAdmin = 'role' in principal && principal.role === 'admin';
  if (asked !== principal.tenantId && !isAdmin) {
    throw new Refusal('TENANT_MISMATCH', 'the credential does not grant the tenant that X-Tenant-ID names');
  }
  return asked;
};

const IN_PLATFORM_TENANT: readonly Route['group'][] = ['tenancy-command', 'tenancy-query'];

/**
 * The platform's own tenant holds admins and nothing else, and an admin may name only a tenant that exists.
 * @throws Refusal 403 for work in the platform tenant
 * @throws NotFound for an unknown tenant
 */
export const checkTenant = async (
  route: Route,
  { principal, tenantId }: Caller,
  tenants: TenantReader,
): Promise<void> => {
  if (tenantId === PLATFORM_TENANT_ID && !IN_PLATFORM_TENANT.includes(route.group)) {
    throw new Refusal(
      'TENANT_MISMATCH',
      'the platform tenant holds admins only; name the tenant to act in with X-Tenant-ID',
    );
  }
  if (tenantId !== principal.tenantId) await tenants.getTenant();
};

const mayCall = (route: Route, principal: Principal): boolean => {
  if (route.role === 'public' || route.role === 'bootstrap') return true;
  if (principal.kind === 'agent' || principal.kind === 'runner') {
    return route.role === principal.kind || (route.also ?? []).includes(principal.kind);
  }
  return route.role !== 'agent' && hasRole(principal.role, route.role as Role);
};

/** @throws Refusal 403 naming the role that the route needs */
export const checkRole = (route: Route, principal: Principal): void => {
  if (mayCall(route, principal)) return;
  throw new Refusal('FORBIDDEN', `${route.operationId} needs the role ${route.role}`, {
    extras: { required_role: route.role },
    ...(route.role === 'agent'
      ? { advice: { remedy: 'Use the token that registering the agent answered, not a key.' } }
      : {}),
  });
};

/** An agent sees itself only: another one's path is answered like an unknown one. @throws NotFound */
export const checkOwnPath = (route: Route, principal: Principal, params: Readonly<Record<string, unknown>>): void => {
  if (route.role === 'agent' && params['agent_id'] !== principal.id) throw new NotFound('agent');
};

/** Whether a principal runs its tenant. */
export const isLead = (principal: Principal): boolean => 'role' in principal && hasRole(principal.role, 'lead');

/** @throws Refusal 403 unless the principal runs its tenant: what was deleted is nobody else's business */
export const checkMaySeeDeleted = (route: Route, principal: Principal): void => {
  if (isLead(principal)) return;
  throw new Refusal('FORBIDDEN', `include_deleted of ${route.operationId} needs the role lead`, {
    extras: { required_role: 'lead' },
  });
};

/** Operations that a principal may call, for whoever asks what it may do. */
export const operationsOf = (all: readonly Route[], principal: Principal): string[] =>
  all.filter((route) => route.role !== 'bootstrap' && mayCall(route, principal)).map(({ operationId }) => operationId);

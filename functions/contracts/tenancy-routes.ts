import type { Route } from './route.ts';
import {
  ApiKey,
  BootstrapAnswer,
  BootstrapRequest,
  CreateApiKeyRequest,
  CreateTenantRequest,
  Me,
  Tenant,
} from './tenancy.ts';

const API = '/api/v1';

/** Operations on tenants and their keys. */
export const tenancyRoutes = {
  bootstrapPlatform: {
    operationId: 'bootstrap_platform',
    method: 'POST',
    path: `${API}/bootstrap`,
    role: 'bootstrap',
    group: 'tenancy-command',
    summary: 'Makes the first admin and the first tenant. Works once.',
    success: 201,
    body: BootstrapRequest,
    response: BootstrapAnswer,
    errors: ['UNAUTHENTICATED', 'ALREADY_BOOTSTRAPPED', 'TENANT_SLUG_TAKEN', 'CONCURRENT_UPDATE'],
  },
  getMe: {
    operationId: 'get_me',
    method: 'GET',
    path: `${API}/me`,
    role: 'viewer',
    also: ['runner', 'agent'],
    group: 'tenancy-query',
    summary: 'Tells who the credential stands for and what it may do.',
    success: 200,
    response: Me,
    errors: ['TENANT_NOT_FOUND'],
  },
  createTenant: {
    operationId: 'create_tenant',
    method: 'POST',
    path: `${API}/tenants`,
    role: 'admin',
    group: 'tenancy-command',
    summary: 'Makes a tenant.',
    success: 201,
    body: CreateTenantRequest,
    response: Tenant,
    errors: ['TENANT_SLUG_TAKEN', 'IDEMPOTENCY_KEY_REUSED', 'CONCURRENT_UPDATE'],
  },
  createApiKey: {
    operationId: 'create_api_key',
    method: 'POST',
    path: `${API}/api-keys`,
    role: 'viewer',
    group: 'tenancy-command',
    summary: 'Makes an API key and shows it once. Leads make service and runner keys.',
    success: 201,
    body: CreateApiKeyRequest,
    response: ApiKey,
    errors: ['TENANT_NOT_FOUND', 'ROLE_TOO_HIGH', 'IDEMPOTENCY_KEY_REUSED', 'CONCURRENT_UPDATE'],
  },
} as const satisfies Record<string, Route>;

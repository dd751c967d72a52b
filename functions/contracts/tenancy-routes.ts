import * as z from 'zod';
import { Ulid } from './primitives.ts';
import type { Route } from './route.ts';
import {
  ApiKey,
  BootstrapAnswer,
  BootstrapRequest,
  CreateApiKeyRequest,
  CreateTenantRequest,
  Me,
  Tenant,
  UpdateTenantRequest,
} from './tenancy.ts';

const API = '/api/v1';
const TenantPath = z.strictObject({ tenant_id: Ulid });

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
  getTenant: {
    operationId: 'get_tenant',
    method: 'GET',
    path: `${API}/tenants/{tenant_id}`,
    role: 'viewer',
    group: 'tenancy-query',
    summary: 'Shows the own tenant.',
    success: 200,
    params: TenantPath,
    response: Tenant,
    errors: ['TENANT_NOT_FOUND'],
  },
  updateTenant: {
    operationId: 'update_tenant',
    method: 'PATCH',
    path: `${API}/tenants/{tenant_id}`,
    role: 'lead',
    group: 'tenancy-command',
    summary: 'Changes name and settings of the own tenant.',
    success: 200,
    params: TenantPath,
    body: UpdateTenantRequest,
    response: Tenant,
    errors: ['TENANT_NOT_FOUND', 'PRECONDITION_FAILED', 'CONCURRENT_UPDATE'],
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

import * as z from 'zod';
import { ROLES } from '#domain/tenant/tenant';
import { Timestamp, text, Ulid } from './primitives.ts';

const Slug = z.string().regex(/^[a-z0-9-]{2,63}$/, 'is 2 to 63 of a-z, 0-9 and -');
const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());

export const Tenant = z
  .object({
    id: Ulid,
    name: z.string(),
    slug: z.string(),
    status: z.literal('active'),
    version: z.number().int(),
    created_at: Timestamp,
    created_by: z.string(),
    settings: z.object({
      /** Whether sessions of the tenant may become samples of datasets. */
      training_data_enabled: z.boolean(),
    }),
  })
  .meta({ id: 'Tenant' });

export const UpdateTenantRequest = z
  .strictObject({
    name: text(2, 100).optional(),
    settings: z.strictObject({ training_data_enabled: z.boolean().optional() }).optional(),
  })
  .meta({ id: 'UpdateTenantRequest', example: { settings: { training_data_enabled: false } } });

export const CreateTenantRequest = z
  .strictObject({ name: text(2, 100), slug: Slug })
  .meta({ id: 'CreateTenantRequest', example: { name: 'Acme', slug: 'acme' } });

const KEY_ROLES = [...ROLES, 'runner'] as const;

export const CreateApiKeyRequest = z
  .strictObject({
    name: text(1, 100),
    role: z.enum(KEY_ROLES),
    expires_in_days: z.number().int().min(1).max(365).default(90),
  })
  .meta({ id: 'CreateApiKeyRequest', example: { name: 'build server', role: 'member' } });

export const ApiKey = z
  .object({
    id: Ulid,
    tenant_id: Ulid,
    name: z.string(),
    role: z.enum(KEY_ROLES),
    key_id: z.string(),
    created_at: Timestamp,
    created_by: z.string(),
    expires_at: Timestamp,
    /** The key itself, shown once; null in a repeated answer. */
    key: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export const BootstrapRequest = z
  .strictObject({
    bootstrap_token: z.string().min(1).max(200),
    email: Email,
    full_name: text(1, 100),
    tenant_name: text(2, 100),
    tenant_slug: Slug,
  })
  .meta({
    id: 'BootstrapRequest',
    example: {
      bootstrap_token: '…',
      email: 'ada@example.com',
      full_name: 'Ada',
      tenant_name: 'Acme',
      tenant_slug: 'acme',
    },
  });

export const BootstrapAnswer = z
  .object({
    admin: z.object({ id: Ulid, email: z.string(), full_name: z.string(), role: z.literal('admin') }),
    tenant: Tenant,
    api_key: ApiKey,
  })
  .meta({ id: 'BootstrapAnswer' });

export const Me = z
  .object({
    principal: z.object({
      kind: z.enum(['user', 'service', 'runner', 'agent']),
      id: z.string(),
      name: z.string().optional(),
    }),
    tenant: Tenant,
    role: z.string(),
    operations: z.array(z.string()),
    api_version: z.string(),
  })
  .meta({ id: 'Me' });

export type Me = z.output<typeof Me>;

import { httpHandler } from '#runtime/http/http-handler';
import { portsWithSecrets } from '#runtime/ports-with-secrets';
import { bootstrapPlatform } from './bootstrap-platform.ts';
import { createApiKey } from './create-api-key.ts';
import { createTenant } from './create-tenant.ts';
import { updateTenant } from './update-tenant.ts';

/** What changes tenants and their keys. */
export const tenancyCommands = [bootstrapPlatform, createTenant, updateTenant, createApiKey];

export const handler = httpHandler(tenancyCommands, portsWithSecrets);

import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { getMe } from './get-me.ts';
import { getTenant } from './get-tenant.ts';

/** What only reads tenants. */
export const tenancyQueries = [getMe, getTenant];

export const handler = httpHandler(tenancyQueries, ports);

import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { getMe } from './get-me.ts';

/** What only reads tenants. */
export const tenancyQueries = [getMe];

export const handler = httpHandler(tenancyQueries, ports);

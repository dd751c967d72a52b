import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { getEapProtocol } from './get-eap-protocol.ts';
import { getOpenapi } from './get-openapi.ts';
import { getRoot } from './get-root.ts';
import { getHealth, getLiveness } from './health.ts';

/** What anybody may ask. */
export const systemRoutes = [getRoot, getHealth, getLiveness, getOpenapi, getEapProtocol];

export const handler = httpHandler(systemRoutes, ports);

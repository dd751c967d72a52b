import { requestAuthorizer } from '#runtime/http/request-authorizer';
import { ports } from '#runtime/ports';

/** Asked about every request to a route that is not open. */
export const handler = requestAuthorizer(ports);

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Route } from '#contracts/route';
import type { Principal } from '#domain/credential/principal';
import { ConcurrentUpdate, DomainError } from '#domain/errors';
import type { Actor } from '#domain/event';
import type { Ports } from '#runtime/ports';
import {
  type AuthorizerContext,
  type Caller,
  checkOwnPath,
  checkRole,
  checkTenant,
  principalOf,
  tenantOf,
} from './caller.ts';
import { type IdempotentRequest, idempotentRequest, type RememberedAnswer, recordOf, replayOf } from './idempotency.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import type { Answer, RouteHandler, RouteRequest } from './route-handler.ts';
import { validate } from './validate.ts';

type Result = APIGatewayProxyStructuredResultV2;

const NOBODY: Caller = {
  principal: { kind: 'service', id: 'public', tenantId: '', role: 'viewer', name: 'public' },
  tenantId: '',
};

const callerOf = async (route: Route, event: APIGatewayProxyEventV2, { storeOf }: Ports): Promise<Caller> => {
  if (route.role === 'public' || route.role === 'bootstrap') return NOBODY;
  const context = (event.requestContext as { authorizer?: { lambda?: AuthorizerContext } }).authorizer?.lambda;
  const principal = principalOf(context);
  const tenantId = tenantOf(principal, event.headers['x-tenant-id']);
  const caller = { principal, tenantId };
  await checkTenant(route, caller, storeOf(tenantId));
  checkRole(route, principal);
  return caller;
};

const actorOf = ({ kind, id }: Principal): Actor & { id: string } => ({
  kind: kind === 'runner' ? 'service' : kind,
  id,
});

// a weak tag never matches: If-Match compares strongly
const VERSION = /^"?(\d+)"?$/;
const NO_VERSION = -1;

/** Version in If-Match. One that no entity can have makes the precondition fail, as it should. */
const ifVersionOf = (header: string | undefined): number | undefined => {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = VERSION.exec(header.trim())?.[1];
  return version === undefined ? NO_VERSION : Number(version);
};

const NO_QUERY = z.strictObject({});

/** The body as it is sent: what the schema does not name is dropped. */
const render = (route: Route, body: unknown): string => JSON.stringify(route.response.parse(body));

/** A job's `version` is that of the model it makes; its own is `lock_version`. */
const etagOf = (body: unknown): Record<string, string> => {
  const { version, lock_version } = (body ?? {}) as { version?: unknown; lock_version?: unknown };
  const known = lock_version ?? version;
  return typeof known === 'number' ? { etag: `"${known}"` } : {};
};

const respond = (route: Route, { status = route.success, body, headers, text }: Answer): Result => {
  if (text) return { statusCode: status, headers: { ...headers, 'content-type': text.mediaType }, body: text.content };
  if (status === 204) return { statusCode: status, headers: { ...headers } };
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...etagOf(body), ...headers },
    body: render(route, body),
  };
};

const replayed = ({ status, body, location }: RememberedAnswer): Result => ({
  statusCode: status,
  headers: {
    'content-type': 'application/json',
    'idempotent-replay': 'true',
    ...etagOf(JSON.parse(body)),
    ...(location === undefined ? {} : { location }),
  },
  body,
});

/** Whoever lost against another request with its key, and finds no answer of it, is told to ask again. */
const meaningOf = (cause: DomainError): DomainError =>
  cause instanceof ConcurrentUpdate && cause.what === 'idempotency'
    ? new Refusal('IDEMPOTENCY_IN_PROGRESS', 'a request with this Idempotency-Key has not ended yet', { cause })
    : cause;

const rememberer =
  (route: Route, request: IdempotentRequest | undefined, ports: Ports): RouteRequest<Route>['remember'] =>
  (answer) => {
    if (request === undefined) return undefined;
    return (value) => {
      const { status = route.success, body, headers } = answer(value);
      const remembered = { status, body: render(route, body), location: headers?.['location'] };
      return recordOf(request, remembered, ports.clock.now());
    };
  };

/** Runs one request through a route: caller, role, input, remembered answer, use case, answer. In this order. */
export const serveRoute = async <P extends Ports>(
  { route, serve, restoreSecret }: RouteHandler<P>,
  event: APIGatewayProxyEventV2,
  ports: P,
): Promise<Result> => {
  const caller = await callerOf(route, event, ports);
  const raw = route.body ? readBody(event) : { text: '', value: undefined };
  const [params, query, body] = validate([
    { schema: route.params, value: event.pathParameters ?? {}, naming: 'name' },
    { schema: route.query ?? NO_QUERY, value: event.queryStringParameters ?? {}, naming: 'name' },
    { schema: route.body, value: raw.value, naming: 'pointer' },
  ]);
  checkOwnPath(route, caller.principal, (params ?? {}) as Record<string, unknown>);

  const idempotent = idempotentRequest(event, route, caller, raw.text, ports);
  const replay = async () => {
    if (idempotent === undefined) return undefined;
    const found = await replayOf(ports.storeOf(caller.tenantId), idempotent, ports.clock.now());
    if (found === undefined || restoreSecret === undefined) return found;
    return { ...found, body: await restoreSecret(found.body, caller.tenantId, ports) };
  };
  const known = await replay();
  if (known) return replayed(known);

  const request = {
    params,
    query,
    body,
    bodyText: raw.text,
    ...caller,
    actor: actorOf(caller.principal),
    ifVersion: ifVersionOf(event.headers['if-match']),
    wantsAlternative: route.alternative !== undefined && (event.headers['accept'] ?? '').includes(route.alternative),
    wantsJson: (event.headers['accept'] ?? '').includes('application/json'),
    remember: rememberer(route, idempotent, ports),
    isAnswered: async () => (await replay()) !== undefined,
  } as RouteRequest<Route>;
  try {
    return respond(route, await serve(request, ports));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // the same request, sent at the same time, may have won: then both get its answer
    const winner = await replay();
    if (winner) return replayed(winner);
    throw meaningOf(error);
  }
};

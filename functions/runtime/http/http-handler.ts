import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { logger } from '#runtime/logger';
import type { Ports } from '#runtime/ports';
import { isExpected, problemResponse } from './problem-response.ts';
import { Refusal } from './refusal.ts';
import type { RouteHandler } from './route-handler.ts';
import { serveRoute } from './serve-route.ts';

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
interface Internals extends Record<string, unknown> {
  requestId?: string;
}
type Middleware = MiddlewareObj<Event, Result, Error, Context, Internals>;

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const TIME_LIMIT_MS = 25_000;

const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const addHeaders = (response: Result | null | undefined, headers: Readonly<Record<string, string>>) => {
  if (response) response.headers = { ...headers, ...response.headers };
};

/** One request id for answer, log and event: the client's, or a new one. */
const requestContext = (ports: () => Ports): Middleware => ({
  before: ({ event, internal }) => {
    const asked = event.headers['x-request-id'];
    const requestId = asked !== undefined && REQUEST_ID.test(asked) ? asked : ports().ids.ulid();
    internal.requestId = requestId;
    logger.resetKeys();
    logger.appendKeys({ request_id: requestId, route: event.routeKey });
  },
  after: ({ response, internal }) => addHeaders(response, { 'x-request-id': String(internal.requestId) }),
  onError: ({ response, internal }) => addHeaders(response, { 'x-request-id': String(internal.requestId) }),
});

const securityHeaders = (): Middleware => ({
  after: ({ response }) => addHeaders(response, SECURITY_HEADERS),
  onError: ({ response }) => addHeaders(response, SECURITY_HEADERS),
});

/** Last of all: error hooks run in reverse, and the others must still decorate the answer. */
const problemDetails = (): Middleware => ({
  onError: (request) => {
    const { error, internal } = request;
    if (!isExpected(error)) logger.error('request failed', { error });
    request.response = problemResponse(error, String(internal.requestId ?? 'unknown'));
  },
});

const withinTimeLimit = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Refusal('TIMEOUT', `the request took longer than ${TIME_LIMIT_MS / 1000} s`)),
      TIME_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
};

/** The Lambda handler of a group of routes. */
export const httpHandler = (handlers: readonly RouteHandler[], ports: () => Ports) => {
  const byKey = new Map(handlers.map((handler) => [`${handler.route.method} ${handler.route.path}`, handler]));
  const serve = async (event: Event): Promise<Result> => {
    const handler = byKey.get(event.routeKey);
    if (handler === undefined) throw new Refusal('ROUTE_NOT_FOUND', `${event.routeKey} is not served here`);
    return withinTimeLimit(serveRoute(handler, event, ports()));
  };
  return middy<Event, Result, Error, Context, Internals>(serve)
    .use(requestContext(ports))
    .use(securityHeaders())
    .use(problemDetails());
};

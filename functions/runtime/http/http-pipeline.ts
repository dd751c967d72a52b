import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { logger } from '#runtime/logger';
import { isExpected, problemResponse } from './problem-response.ts';

type Event = APIGatewayProxyEventV2;
type Result = APIGatewayProxyStructuredResultV2;
interface Internals extends Record<string, unknown> {
  requestId?: string;
}
type Middleware = MiddlewareObj<Event, Result, Error, Context, Internals>;

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

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
const requestContext = (newId: () => string): Middleware => ({
  before: ({ event, internal }) => {
    const asked = event.headers['x-request-id'];
    const requestId = asked !== undefined && REQUEST_ID.test(asked) ? asked : newId();
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

/** What every answer of the API goes through, refusals and faults included. `newId` makes request ids. */
export const httpPipeline = (serve: (event: Event) => Promise<Result>, newId: () => string) =>
  middy<Event, Result, Error, Context, Internals>(serve)
    .use(requestContext(newId))
    .use(securityHeaders())
    .use(problemDetails());

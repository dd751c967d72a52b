import * as z from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type ErrorCode, errors } from '#contracts/errors';
import { PROBLEM_TYPE, Problem } from '#contracts/problem';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';

/** What may become of the caller before any operation is reached. */
const CALLER_ERRORS = [
  ...(['UNAUTHENTICATED', 'INVALID_AGENT_TOKEN', 'FORBIDDEN', 'INVALID_TENANT_ID'] as const),
  ...(['TENANT_MISMATCH', 'TENANT_NOT_FOUND'] as const),
];
const BODY_ERRORS = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;
const KEY_ERRORS = ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS'] as const;

const isForCallers = ({ role }: Route) => role !== 'public' && role !== 'bootstrap';
const takesKey = ({ method, role }: Route) => method === 'POST' && role !== 'bootstrap';

const header = (description: string) => z.string().optional().meta({ description });
const IDEMPOTENCY_KEY = header(
  '1 to 255 printable ASCII characters. The same key with the same request gets the first answer again, for 24 hours.',
);
const IF_MATCH = header('The ETag that was read: the change is refused when the entity has moved since.');
const TENANT_ID = header('The tenant to act in, for credentials that may act in several.');
const ETAG = header('The version of the entity, for If-Match.');

/** Headers beside the credential that change what a request does. */
const requestHeaders = (route: Route) => ({
  ...(isForCallers(route) && route.role !== 'agent' ? { 'X-Tenant-ID': TENANT_ID } : {}),
  ...(takesKey(route) ? { 'Idempotency-Key': IDEMPOTENCY_KEY } : {}),
  ...(route.errors.includes('PRECONDITION_FAILED') ? { 'If-Match': IF_MATCH } : {}),
});

// a job's `version` is that of the model it makes, and no number
const hasVersion = ({ response }: Route) =>
  response instanceof z.ZodObject &&
  ('lock_version' in response.shape || response.shape['version'] instanceof z.ZodNumber);

/** Codes that any operation of its kind can answer. An unknown parameter is one that every operation refuses. */
const commonErrors = (route: Route): ErrorCode[] => [
  ...(isForCallers(route) ? CALLER_ERRORS : []),
  ...(route.body ? BODY_ERRORS : []),
  ...(takesKey(route) ? KEY_ERRORS : []),
  'VALIDATION_ERROR',
  'INTERNAL_ERROR',
  'TIMEOUT',
];

/** Every code that an operation can answer. */
export const errorCodesOf = (route: Route): ErrorCode[] => [...new Set([...route.errors, ...commonErrors(route)])];

const problems = (route: Route) => {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(route))
    byStatus.set(errors[code].status, [...(byStatus.get(errors[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      { description: codes.join(', '), content: { [PROBLEM_TYPE]: { schema: Problem } } },
    ]),
  );
};

const answer = (route: Route) => ({
  description: 'Done.',
  ...(hasVersion(route) ? { headers: z.object({ ETag: ETAG }) } : {}),
  ...(route.success === 204
    ? {}
    : {
        content: {
          'application/json': { schema: route.response },
          ...(route.alternative ? { [route.alternative]: { schema: { type: 'string' as const } } } : {}),
        },
      }),
});

const redirect = ({ redirects }: Route) =>
  redirects ? { '302': { description: 'The address, in Location, unless JSON is asked for.' } } : {};

const operation = (route: Route) => ({
  operationId: route.operationId,
  summary: route.summary,
  'x-role': route.role,
  'x-group': route.group,
  ...(isForCallers(route) ? {} : { security: [] }),
  requestParams: {
    ...(route.params ? { path: route.params as z.ZodObject } : {}),
    ...(route.query ? { query: route.query as z.ZodObject } : {}),
    header: z.object(requestHeaders(route)),
  },
  ...(route.body ? { requestBody: { content: { 'application/json': { schema: route.body } } } } : {}),
  responses: { [String(route.success)]: answer(route), ...redirect(route), ...problems(route) },
});

/** The API as an OpenAPI 3.1 document, made from the contracts alone. */
export const openApiDocument = () => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of Object.values(routes) as Route[]) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Industrial Orchestrator',
      version: '1',
      description: 'Autonomous coding sessions on your own AWS account.',
    },
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or the token of an agent.' },
      },
    },
    paths: paths as ZodOpenApiPathsObject,
  });
};

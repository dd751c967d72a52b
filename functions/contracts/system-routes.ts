import type { Route } from './route.ts';
import { Health, Liveness, OpenApiDocument, Root } from './system.ts';

/** What anybody may ask. */
export const systemRoutes = {
  getRoot: {
    operationId: 'get_root',
    method: 'GET',
    path: '/',
    role: 'public',
    group: 'system',
    summary: 'Names the service and where to go from here.',
    success: 200,
    response: Root,
    errors: [],
  },
  getHealth: {
    operationId: 'get_health',
    method: 'GET',
    path: '/health',
    role: 'public',
    group: 'system',
    summary: 'Tells whether the table answers.',
    success: 200,
    response: Health,
    errors: [],
  },
  getLiveness: {
    operationId: 'get_liveness',
    method: 'GET',
    path: '/health/live',
    role: 'public',
    group: 'system',
    summary: 'Answers without touching anything.',
    success: 200,
    response: Liveness,
    errors: [],
  },
  getOpenapi: {
    operationId: 'get_openapi',
    method: 'GET',
    path: '/openapi.json',
    role: 'public',
    group: 'system',
    summary: 'This API as an OpenAPI 3.1 document.',
    success: 200,
    response: OpenApiDocument,
    errors: [],
  },
} as const satisfies Record<string, Route>;

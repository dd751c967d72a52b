import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Ports } from '#runtime/ports';
import { httpPipeline } from './http-pipeline.ts';
import { Refusal } from './refusal.ts';
import type { RouteHandler } from './route-handler.ts';
import { serveRoute } from './serve-route.ts';

const TIME_LIMIT_MS = 25_000;

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
export const httpHandler = <P extends Ports>(handlers: readonly RouteHandler<P>[], ports: () => P) => {
  const byKey = new Map(handlers.map((handler) => [`${handler.route.method} ${handler.route.path}`, handler]));
  const serve = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const handler = byKey.get(event.routeKey);
    if (handler === undefined) throw new Refusal('ROUTE_NOT_FOUND', `${event.routeKey} is not served here`);
    return withinTimeLimit(serveRoute(handler, event, ports()));
  };
  return httpPipeline(serve, () => ports().ids.ulid());
};

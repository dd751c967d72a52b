import { routes } from '#contracts/routes';
import { httpPipeline } from '#runtime/http/http-pipeline';
import { newRequestId } from '#runtime/http/new-request-id';
import { Refusal } from '#runtime/http/refusal';

const known = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What an unknown path or a method that is not offered is answered with. */
export const refusalOf = (method: string, path: string): Refusal => {
  const allowed = known.filter(({ pattern }) => pattern.test(path)).map((route) => route.method);
  if (allowed.length === 0) return new Refusal('ROUTE_NOT_FOUND', `there is nothing at ${path}`);
  return new Refusal('METHOD_NOT_ALLOWED', `${path} does not offer ${method}`, {
    headers: { allow: allowed.join(', ') },
  });
};

/** The $default route: reads nothing but the route table. */
export const handler = httpPipeline(async ({ requestContext: { http } }) => {
  throw refusalOf(http.method, http.path);
}, newRequestId);

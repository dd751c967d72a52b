import type { ErrorCode } from '#contracts/errors';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';
import { openApiDocument } from '#scripts/openapi-document';
import type { Call } from './in-process-api.ts';

export const allRoutes = Object.values(routes) as Route[];

/** An id that nothing has. */
export const UNKNOWN_ID = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';

/** Where the example of a body says too little to reach every id-bearing place of it. */
const BODIES: Readonly<Record<string, object>> = {
  eap_heartbeat: { status: 'healthy', leases: [{ assignment_id: UNKNOWN_ID, fencing_token: 1 }] },
  eap_submit_result: {
    task_id: UNKNOWN_ID,
    status: 'completed',
    fencing_token: 1,
    artifacts: [{ path: 'report.html', artifact_id: UNKNOWN_ID }],
  },
};

/** A body that the operation accepts. @throws Error that says what to do when the contract has no example */
export const bodyOf = ({ operationId, body }: Route): Record<string, unknown> | undefined => {
  if (body === undefined) return undefined;
  const example = BODIES[operationId] ?? (body.meta() as { example?: object } | undefined)?.example ?? {};
  if (!body.safeParse(example).success)
    throw new Error(`the body of ${operationId} needs an example in its contract: .meta({ example: … })`);
  return structuredClone(example) as Record<string, unknown>;
};

/** Names in paths that are no ids. */
const WORDS: Readonly<Record<string, string>> = { capability: 'code_generation', version: '1.0.0' };

type Ids = Readonly<Record<string, string>>;

export const pathParametersOf = ({ path }: Route): string[] =>
  [...path.matchAll(/\{(\w+_id|model_name)\}/g)].map(([, name = '']) => name);

export const pathOf = (route: Route, ids: Ids): string =>
  route.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? WORDS[name] ?? UNKNOWN_ID);

/** A request that the operation accepts, for these ids. */
export const requestOf = (route: Route, ids: Ids): Call => {
  const body = bodyOf(route);
  return { method: route.method, path: pathOf(route, ids), ...(body ? { body } : {}) };
};

/** What is called otherwise than its ids. */
const ENTITIES: Readonly<Record<string, string>> = { job_id: 'TRAINING_JOB' };

/** What an id in this place stands for, as the code of its refusal says. */
export const notFoundCode = (name: string): ErrorCode =>
  `${ENTITIES[name] ?? name.replace(/_(?:id|name)$/, '').toUpperCase()}_NOT_FOUND` as ErrorCode;

/** A place of a request that holds an id: a parameter by its name, a field of the body by its steps. */
export interface IdPlace {
  readonly route: Route;
  readonly where: 'path' | 'query' | 'body';
  readonly steps: readonly string[];
  readonly name: string;
}

type Node = Readonly<Record<string, unknown>>;
const REF = '#/components/schemas/';

/** Steps to every id inside a schema; an element of a list is its first one. */
const idsIn = (node: unknown, schemas: Node, seen: readonly string[] = []): string[][] => {
  if (typeof node !== 'object' || node === null) return [];
  const { $ref, properties, items, anyOf, oneOf, allOf } = node as Record<string, unknown>;
  if (typeof $ref === 'string') {
    const name = $ref.slice(REF.length);
    if (name === 'Ulid') return [[]];
    return seen.includes(name) ? [] : idsIn(schemas[name], schemas, [...seen, name]);
  }
  const under = (step: string, inner: unknown) => idsIn(inner, schemas, seen).map((steps) => [step, ...steps]);
  return [
    ...Object.entries((properties ?? {}) as Node).flatMap(([name, inner]) => under(name, inner)),
    ...under('0', items),
    ...[anyOf, oneOf, allOf].flatMap((some) => ((some ?? []) as unknown[]).flatMap((one) => idsIn(one, schemas, seen))),
  ];
};

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: 'path' | 'query'; readonly name: string; readonly schema: unknown }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: unknown } } };
}

/** Every place of every operation that holds an id, found in the API's own description. */
export const idPlaces = (): IdPlace[] => {
  const { paths, components } = JSON.parse(JSON.stringify(openApiDocument()));
  const operations = Object.values(paths).flatMap((item) => Object.values(item as Record<string, Operation>));
  return operations.flatMap(({ operationId, parameters = [], requestBody }) => {
    const route = allRoutes.find((one) => one.operationId === operationId);
    if (route === undefined) throw new Error(`${operationId} is described and not offered`);
    const inBody = idsIn(requestBody?.content['application/json'].schema, components.schemas);
    return [
      ...parameters.flatMap(({ in: where, name, schema }) =>
        idsIn(schema, components.schemas).map(() => ({ route, where, steps: [name], name })),
      ),
      ...inBody.map((steps) => ({
        route,
        where: 'body' as const,
        steps,
        name: steps.findLast((step) => !/^\d+$/.test(step)) ?? '',
      })),
    ];
  });
};

const put = (value: unknown, [step = '', ...rest]: readonly string[], id: string): unknown => {
  const inner = (value as Record<string, unknown> | undefined)?.[step];
  const changed = rest.length === 0 ? id : put(inner, rest, id);
  return Array.isArray(value) || /^\d+$/.test(step) ? [changed] : { ...(value as object | undefined), [step]: changed };
};

/** The operation's request about the caller's own things, but for this id in this place. */
export const requestWith = ({ route, where, steps, name }: IdPlace, own: Ids, id: string): Call => {
  const request = requestOf(route, where === 'path' ? { ...own, [name]: id } : own);
  if (where === 'query') return { ...request, query: { [name]: id } };
  return where === 'body' ? { ...request, body: put(request.body, steps, id) } : request;
};

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeCredentialStore } from '#adapters/dynamodb/platform-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { makeIdentifiers } from '#adapters/node/random-identifiers';
import { makeAuthenticate } from '#application/authenticate';
import type { Route } from '#contracts/route';
import { routes } from '#contracts/routes';
import { agentQueries } from '#functions/api/agents/query';
import { eapRoutes } from '#functions/api/eap/handler';
import { handler as fallback } from '#functions/api/fallback/handler';
import { fineTuningCommands } from '#functions/api/fine-tuning/command';
import { fineTuningPoll } from '#functions/api/fine-tuning/poll';
import { fineTuningQueries } from '#functions/api/fine-tuning/query';
import { presignRoutes } from '#functions/api/presign/handler';
import { sessionCommands } from '#functions/api/sessions/command';
import { sessionQueries } from '#functions/api/sessions/query';
import { systemRoutes } from '#functions/api/system/handler';
import { tenancyCommands } from '#functions/api/tenancy/command';
import { tenancyQueries } from '#functions/api/tenancy/query';
import { parseEnvironment } from '#runtime/environment';
import { httpHandler } from '#runtime/http/http-handler';
import { portsOver } from '#runtime/ports';
import type { PortsWithDatasetFiles } from '#runtime/ports-with-dataset-files';
import type { PortsWithObjects } from '#runtime/ports-with-objects';
import type { PortsWithSecrets } from '#runtime/ports-with-secrets';
import { datasetFilesInMemory } from './dataset-files-in-memory.ts';
import { checkDeclared } from './declared.ts';
import { objectsInMemory } from './objects-in-memory.ts';
import { aClock, fixedSecrets } from './ports-in-memory.ts';

type Event = APIGatewayProxyEventV2;

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly base64?: boolean;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

const paths = (Object.values(routes) as Route[]).map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

const find = (method: string, path: string) =>
  paths.flatMap(({ route, pattern }) => {
    const match = route.method === method ? pattern.exec(path) : null;
    return match ? [{ route, pathParameters: { ...match.groups } }] : [];
  })[0];

const eventOf = (call: Call, lambda: object): Event => {
  const { method = call.body === undefined && call.text === undefined ? 'GET' : 'POST', path, query } = call;
  const found = find(method, path);
  const text = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const headers = { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers };
  return {
    routeKey: found ? `${method} ${found.route.path}` : '$default',
    rawPath: path,
    headers,
    isBase64Encoded: call.base64 ?? false,
    ...(text === undefined ? {} : { body: text }),
    ...(found && Object.keys(found.pathParameters).length > 0 ? { pathParameters: found.pathParameters } : {}),
    ...(query ? { queryStringParameters: query } : {}),
    requestContext: { http: { method, path }, requestId: 'gateway', authorizer: { lambda } },
  } as unknown as Event;
};

const replyOf = ({ statusCode = 0, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2): Reply => {
  const isJson = String(headers['content-type'] ?? '').includes('json');
  return {
    status: statusCode,
    headers: headers as Record<string, string>,
    text: body,
    json: isJson ? JSON.parse(body) : undefined,
  };
};

type TestPorts = PortsWithSecrets & PortsWithObjects & PortsWithDatasetFiles;

/** The whole API in one process: authorizer, routes and use cases over a given engine, with a clock that stands still. */
export const apiOver = <Engine extends ItemEngine>(engine: Engine, overrides: Partial<TestPorts> = {}) => {
  const clock = aClock();
  const objects = objectsInMemory();
  const datasetFiles = datasetFilesInMemory();
  const environment = parseEnvironment({
    STAGE: 'test',
    API_VERSION: '1.2.3',
    LEASE_SECONDS: '30',
    AGENT_POLL_SECONDS: '1',
    AGENT_IDLE_POLL_SECONDS: '2.5',
  });
  const base = portsOver(environment, () => engine);
  const ports: TestPorts = {
    ...base,
    storeOf: (tenantId) => base.storeOf(tenantId, objects.of(tenantId)),
    clock,
    ids: makeIdentifiers(clock),
    secrets: fixedSecrets,
    objectsOf: objects.of,
    datasetFilesOf: datasetFiles.of,
    textObjectsOf: objects.of,
    ...overrides,
  };
  const handlers = [
    ...sessionCommands,
    ...sessionQueries,
    ...agentQueries,
    ...eapRoutes,
    ...presignRoutes,
    ...fineTuningCommands,
    ...fineTuningPoll,
    ...fineTuningQueries,
    ...tenancyCommands,
    ...tenancyQueries,
    ...systemRoutes,
  ];
  const serve = httpHandler(handlers, () => ports);

  const callOnce = async (request: Call): Promise<Reply> => {
    const { authorization = request.key && `Bearer ${request.key}`, 'x-agent-token': agentToken } =
      request.headers ?? {};
    const authenticate = makeAuthenticate({ credentials: makeCredentialStore(engine), digest: ports.digest, clock });
    const known = await authenticate({ authorization, agentToken });
    const event = eventOf(request, 'principal' in known ? { principal: JSON.stringify(known.principal) } : known);
    const handler = event.routeKey === '$default' ? fallback : serve;
    const reply = replyOf(await handler(event, {} as Context));
    const found = find(event.requestContext.http.method, request.path);
    if (found) checkDeclared(found.route, reply);
    return reply;
  };

  /** A caller that waits when it is told that it calls too often: so much time passes that it is admitted. */
  const call = async (request: Call): Promise<Reply> => {
    const reply = await callOnce(request);
    if (reply.json?.code !== 'RATE_LIMITED') return reply;
    clock.advance(Number(reply.headers['retry-after']));
    return callOnce(request);
  };

  return { call, callOnce, engine, clock, ports, objects, datasetFiles };
};

/** The API over an engine in memory. */
export const anApi = (overrides: Partial<TestPorts> = {}) => apiOver(makeMemoryEngine(), overrides);

export type Api = ReturnType<typeof anApi>;
type AnyApi = Pick<Api, 'call'>;

const MOST_IN_ONE_TRANSACTION = 100;

/** The same API with what another one has stored. */
export const anApiWith = async (items: readonly Item[], overrides: Partial<TestPorts> = {}): Promise<Api> => {
  const api = anApi(overrides);
  for (let start = 0; start < items.length; start += MOST_IN_ONE_TRANSACTION) {
    const some = items.slice(start, start + MOST_IN_ONE_TRANSACTION);
    await api.engine.transact(some.map((put) => ({ put, condition: { kind: 'any' }, what: 'copy' })));
  }
  return api;
};

/** A bootstrapped platform with one tenant and a key per role. */
export const aTenant = async (api: AnyApi, slug = 'acme') => {
  const platform = {
    bootstrap_token: 'bootstrap token',
    email: 'ada@example.com',
    full_name: 'Ada',
    tenant_name: 'First',
    tenant_slug: 'first',
  };
  const bootstrapped = await api.call({ path: '/api/v1/bootstrap', body: platform });
  return makeTenant(api, bootstrapped.json.api_key.key, slug);
};

/** Another tenant of the platform, made by its admin. */
export const makeTenant = async (api: AnyApi, adminKey: string, slug: string) => {
  const made = await api.call({ path: '/api/v1/tenants', key: adminKey, body: { name: slug, slug } });
  const tenantId: string = made.json.id;
  const keyOf = async (role: string): Promise<string> => {
    const headers = { 'x-tenant-id': tenantId };
    return (await api.call({ path: '/api/v1/api-keys', key: adminKey, headers, body: { name: role, role } })).json.key;
  };
  const [admin, lead, member, viewer, runner] = await Promise.all(
    ['admin', 'lead', 'member', 'viewer', 'runner'].map(keyOf),
  );
  return { tenantId, adminKey, keys: { admin, lead, member, viewer, runner } as Record<string, string> };
};

export const aSessionRequest = (fields: object = {}) => ({
  title: 'Say hello',
  prompt: 'Say hello to Ada.',
  ...fields,
});

/** A session of a tenant, created by its member. */
export const makeSession = async (api: AnyApi, key: string, fields: object = {}): Promise<Reply['json']> =>
  (await api.call({ path: '/api/v1/sessions', key, body: aSessionRequest(fields) })).json;

/** An agent of a tenant that has registered and said nothing since, with its token. */
export const registerAgent = async (
  api: Pick<Api, 'call'>,
  runnerKey: string,
  name: string,
): Promise<{ agent_id: string; auth_token: string }> => {
  const body = { protocol_version: '1.1', name, capabilities: ['code_generation'], max_concurrent_tasks: 2 };
  return (await api.call({ path: '/api/v1/agents/external/register', key: runnerKey, body })).json;
};

/** A registered agent of a tenant that has said it is well, with its token. */
export const makeAgent = async (
  api: Pick<Api, 'call'>,
  runnerKey: string,
  name = 'RUNNER-1',
): Promise<{ agent_id: string; auth_token: string }> => {
  const agent = await registerAgent(api, runnerKey, name);
  const path = `/api/v1/agents/external/${agent.agent_id}/heartbeat`;
  await api.call({ path, headers: { 'x-agent-token': agent.auth_token }, body: { status: 'healthy' } });
  return agent;
};

import { makeDynamoEngine } from '#adapters/dynamodb/dynamo-engine';
import type { LocalDynamo } from '#test/support/dynamodb';
import { apiOver, aTenant, makeAgent, registerAgent } from '#test/support/in-process-api';
import { type Consumption, metered } from './meter.ts';

/** The prompt of a plain session; it stays below 1 KB. */
const PROMPT = 'Write src/farewell.js that exports farewell(name), and a test for it. '.repeat(8);

const WORKSPACE = {
  repository_url: 'https://github.com/acme/shop.git',
  push: 'branch',
  verify: [{ name: 'tests', run: 'npm test' }],
};

/** Keeps what each operation consumed. One that is measured twice must have consumed the same both times. */
const recorder = (meter: ReturnType<typeof metered>) => {
  const table = new Map<string, Consumption>();
  const sequence: Consumption[] = [];
  const record = async <T>(operation: string, act: () => Promise<T>): Promise<T> => {
    const { answer, consumed } = await meter.measure(act);
    const before = table.get(operation);
    if (before && JSON.stringify(before) !== JSON.stringify(consumed))
      throw new Error(`${operation} consumed ${JSON.stringify(before)} and then ${JSON.stringify(consumed)}`);
    table.set(operation, consumed);
    sequence.push(consumed);
    return answer;
  };
  return { table, sequence, record };
};

/** A tenant with an agent on a real engine, and the requests of a plain session. */
export const measuredWorld = async (dynamo: LocalDynamo) => {
  const meter = metered(dynamo.client);
  const api = apiOver(makeDynamoEngine(meter.client, await dynamo.createTable()));
  const { tenantId, keys } = await aTenant(api);
  const agent = await makeAgent(api, keys['runner'] as string);

  const succeed = async (request: Parameters<typeof api.call>[0]) => {
    const reply = await api.call(request);
    if (reply.status >= 400) throw new Error(`${request.path} answered ${reply.status}: ${reply.text}`);
    return reply.json;
  };
  const asMember = (path: string, fields: object = {}) =>
    succeed({ path: `/api/v1/sessions${path}`, key: keys['member'], ...fields });

  const as =
    ({ agent_id, auth_token }: typeof agent) =>
    (path: string, body: object) =>
      succeed({ path: `/api/v1/agents/external/${agent_id}${path}`, headers: { 'x-agent-token': auth_token }, body });

  // routing chooses among agents that have asked for work before
  await as(agent)('/assignments/claim', {});

  return {
    api,
    tenantId,
    ...recorder(meter),
    asMember,
    as,
    asAgent: as(agent),
    register: (name: string) => registerAgent(api, keys['runner'] as string, name),
    create: (start: boolean, headers: Readonly<{ [name: string]: string }> = {}): Promise<{ id: string }> =>
      asMember('', { body: { title: 'Add farewell()', prompt: PROMPT, workspace: WORKSPACE, start }, headers }),
  };
};

export type MeasuredWorld = Awaited<ReturnType<typeof measuredWorld>>;

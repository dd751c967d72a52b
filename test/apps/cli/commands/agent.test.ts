import { afterEach, expect, it } from 'vitest';
import type { AgentView } from '#contracts/agent-directory';
import { cliWorld } from '#test/apps/cli/cli-world';
import type { Responder } from '#test/support/fake-api';

const agentId = '01JD8X5YB2M0Q4V6T8W1Z3C5EA';
const at = '2026-05-01T12:00:00.000Z';

const anAnswer = (fields: Partial<AgentView> = {}): AgentView => ({
  id: agentId,
  tenant_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
  version: 2,
  name: 'RUNNER-1',
  agent_type: 'implementer',
  transport: 'http',
  delivery: 'pull',
  protocol_version: '1.1',
  software_version: '1.0.0',
  capabilities: ['code_generation', 'testing'],
  preferred_technologies: [],
  max_concurrent_tasks: 4,
  labels: {},
  metadata: {},
  status: 'online',
  status_reason: 'heartbeat',
  verified: true,
  last_seen_at: at,
  last_heartbeat_at: at,
  load: {
    current_tasks: 1,
    queue_length: 0,
    max_concurrent_tasks: 4,
    reported_load: 0,
    utilization: 0.25,
    load_level: 'optimal',
    can_accept_task: true,
  },
  is_available: true,
  performance_tier: 'competent',
  registered_by: 'somebody',
  created_at: at,
  updated_at: at,
  ...fields,
});

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

it('list prints a table and how to get the next page', async () => {
  const { iorch, out, err, api } = await open(() => ({ body: { items: [anAnswer()], next_cursor: 'abc' } }));
  expect(await iorch('agent', 'list', '--available', '--capability', 'testing', '--limit', '1')).toBe(0);
  expect(api.seen[0]).toMatchObject({
    path: '/api/v1/agents',
    query: { available_only: 'true', capability: 'testing', limit: '1' },
  });
  expect(out().split('\n')).toEqual([
    'ID                          NAME      STATUS  TASKS  LOAD  SEEN  CAPABILITIES',
    `${agentId}  RUNNER-1  online    1/4  25 %  30 s  code_generation testing`,
  ]);
  expect(err()).toBe('more: iorch agent list --available --capability testing --limit 1 --cursor abc');
});

it('list asks for nothing that it was not told', async () => {
  const { iorch, api, err } = await open(() => ({ body: { items: [] } }));
  expect(await iorch('agent', 'list', '--json')).toBe(0);
  expect(api.seen[0]?.query).toEqual({});
  expect(err()).toBe('');
});

it('get prints what is known, and why an agent gets no work', async () => {
  const answer = anAnswer({
    status: 'registered',
    is_available: false,
    verified: false,
    labels: { zone: 'a', rack: '7' },
    preferred_technologies: ['go'],
  });
  const { iorch, out } = await open(() => ({ body: { ...answer, load: { ...answer.load, queue_length: 2 } } }));
  expect(await iorch('agent', 'get', agentId)).toBe(0);
  expect(out()).toContain('available   no, it has not asked for work yet');
  expect(out()).toContain('waiting     2 routed to it');
  expect(out()).toContain('labels      zone=a, rack=7');
  expect(out()).toContain('works on    1 of 4 units');
});

it.each([
  [{}, 'yes'],
  [{ is_available: false }, 'no'],
])('get tells whether the agent is available: %j %s', async (fields, shown) => {
  const { iorch, out } = await open(() => ({ body: anAnswer(fields) }));
  expect(await iorch('agent', 'get', agentId)).toBe(0);
  expect(out()).toMatch(new RegExp(`^available +${shown}$`, 'm'));
  expect(out()).not.toContain('waiting');
});

it('get prints the answer for programs', async () => {
  const { iorch, out } = await open(() => ({ body: anAnswer() }));
  expect(await iorch('agent', 'get', agentId, '--json')).toBe(0);
  expect(JSON.parse(out())).toEqual(anAnswer());
});

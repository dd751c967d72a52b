import { expect, it } from 'vitest';
import { makeRecordOutcome } from '#application/record-outcome';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

// four bytes each as they are stored, and six each where they are written as JSON
const LONGEST = { plain: '🦊'.repeat(32_000), escaped: '\u0001'.repeat(32_000) };
const command = (index: number) => ({ name: `command ${index}`, run: '🦊'.repeat(580) });
const commands = Array.from({ length: 20 }, (_, index) => command(index));
const map = { x: 'y'.repeat(16_000) };
const key = { 'idempotency-key': 'once' };

it.each(['plain', 'escaped'] as const)('the largest session is created, retried and claimed (%s)', async (kind) => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const prompt = LONGEST[kind];
  const workspace = { repository_url: 'https://github.com/acme/shop.git', setup: commands, verify: commands };
  const largest = { prompt, workspace, agent_config: map, metadata: map, description: '🦊'.repeat(1000) };
  const { id } = await makeSession(api, keys['member'] as string, { ...largest, start: true });
  const machine = machineOf(api, tenantId);
  await makeRecordOutcome(machine)({ sessionId: id, run: 1, failure: 'broken' });
  const path = `/api/v1/sessions/${id}/retry`;
  const retried = await api.call({ path, key: keys['member'], body: { additional_prompt: prompt }, headers: key });
  expect(retried).toMatchObject({ status: 200, json: { status: 'queued' } });
  await openWork(machine, id, { run: 2 });
  const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
  const at = `/api/v1/agents/external/${agent_id}/assignments/claim`;
  const claim = () => api.call({ path: at, key: auth_token, body: {}, headers: key });
  const claimed = await claim();
  expect(claimed.json.assignments[0].input_data).toMatchObject({ prompt, additional_prompt: prompt });
  expect(await claim()).toMatchObject({ status: 200, text: claimed.text, headers: { 'idempotent-replay': 'true' } });
});

it('a claim of many large ones is answered with as many as 4 MiB hold', async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const machine = machineOf(api, tenantId);
  const count = 10;
  for (let made = 0; made < count; made++) {
    const { id } = await makeSession(api, keys['member'] as string, { prompt: LONGEST.escaped, start: true });
    await openWork(machine, id);
    const body = { checkpoint_data: { quotes: '"'.repeat(130_000) } };
    expect(await api.call({ path: `/api/v1/sessions/${id}/checkpoints`, key: keys['member'], body })).toMatchObject({
      status: 201,
    });
  }
  const runner = { name: 'LARGE', protocol_version: '1.1', capabilities: ['testing'], max_concurrent_tasks: count };
  const registered = await api.call({ path: '/api/v1/agents/external/register', key: keys['runner'], body: runner });
  const { agent_id, auth_token } = registered.json;
  const alive = `/api/v1/agents/external/${agent_id}/heartbeat`;
  await api.call({ path: alive, key: auth_token, body: { status: 'healthy' } });
  const at = `/api/v1/agents/external/${agent_id}/assignments/claim`;
  const claim = () => api.call({ path: at, key: auth_token, body: { max_assignments: count } });
  const first = await claim();
  expect(Buffer.byteLength(JSON.stringify(first.text))).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(first.json.assignments.length).toBeGreaterThan(1);
  const second = await claim();
  expect(first.json.assignments.length + second.json.assignments.length).toBe(count);
});

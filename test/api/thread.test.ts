import { describe, expect, it } from 'vitest';
import { makeRecordOutcome } from '#application/record-outcome';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

const workspace = { repository_url: 'file:///srv/shop.git', verify: [{ name: 'tests', run: 'npm test' }] };
const at = '2026-11-20T12:00:00.000Z';

/** A session that an agent has claimed, with the machine's steps taken by hand. */
const claimedSession = async (fields: object = {}) => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const member = keys['member'] as string;
  const { id } = await makeSession(api, member, { start: true, workspace, ...fields });
  const machine = machineOf(api, tenantId);
  await openWork(machine, id);
  const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
  const agentPath = `/api/v1/agents/external/${agent_id}/assignments`;
  const asAgent = (path: string, body: object) =>
    api.call({ path: `${agentPath}${path}`, headers: { 'x-agent-token': auth_token }, body });
  const claim = await asAgent('/claim', {});
  const assignment = claim.json.assignments[0];
  const work = (path: string, body: object) =>
    asAgent(`/${assignment.assignment_id}${path}`, { fencing_token: assignment.fencing_token, ...body });
  const read = (path: string, fields: object = {}) =>
    api.call({ path: `/api/v1/sessions/${id}${path}`, key: keys['viewer'], ...fields });
  const record = () => makeRecordOutcome(machine)({ sessionId: id, run: 1 });
  return { api, id, agent_id, asAgent, assignment, work, read, record };
};

const log = (event_seq: number, level = 'info') => ({
  type: 'log',
  event_seq,
  timestamp: at,
  level,
  source: 'agent',
  message: `line ${event_seq}`,
});
const output = {
  summary: 'Done.',
  diff: 'diff --git a/x b/x\n',
  files: [{ path: 'x', status: 'added', additions: 1, deletions: 0 }],
  base_commit: 'aaa',
  result_commit: 'bbb',
  result_branch: 'iorch/x',
  verification: [{ name: 'tests', exit_code: 0, duration_ms: 5, output: 'ok' }],
  simulated: true,
  model: 'demo/scripted',
};

describe('the thread over HTTP', () => {
  it('hands the work to an agent with all it needs', async () => {
    const { id, assignment } = await claimedSession();
    expect(assignment).toMatchObject({
      session_id: id,
      task_type: 'session_execution',
      fencing_token: 1,
      timeout_seconds: 3600,
      input_data: {
        prompt: 'Say hello to Ada.',
        workspace: { repository_url: workspace.repository_url, push: 'never' },
      },
      context: { session: { id, attempt: 1, session_type: 'execution' }, contexts: [] },
      checkpoint: null,
      budget: null,
      model_identifier: null,
    });
    expect(assignment.task_id).toBe(assignment.assignment_id);
  });

  it('hands on what the session asks of its agent as it was asked', async () => {
    const asked = {
      agent_config: { default_agent: 'NOBODY', 'Nested-Key_1': { snake_case: 1, camelCase: [null, 'ü'] } },
      model_identifier: 'some/model:1.0@x',
      cpu_limit: 1.5,
      memory_limit_mb: 512,
    };
    const { assignment } = await claimedSession({ ...asked, required_capabilities: ['code_generation'] });
    expect(assignment).toMatchObject({ ...asked, requirements: ['code_generation'] });
    expect(assignment.agent_config).toEqual(asked.agent_config);
  });

  it('shows the work while it goes on, and its result, diff and log afterwards', async () => {
    const { id, work, read, record, agent_id } = await claimedSession();
    expect((await read('')).json).toMatchObject({
      status: 'running',
      activity: 'working',
      agent_id,
      deadline_at: expect.any(String),
    });
    const metrics = {
      type: 'metrics',
      event_seq: 3,
      timestamp: at,
      input_tokens: 10,
      output_tokens: 5,
      cost_usd: 0.0000014,
    };
    expect((await work('/events', { events: [log(1), log(2, 'warning'), metrics] })).json).toMatchObject({
      last_event_seq: 3,
      directives: [],
    });
    expect((await work('/extend', {})).status).toBe(200);
    expect((await read('/result')).json).toMatchObject({ final: false, usage: { input_tokens: 10 }, verification: [] });
    expect((await read('/diff')).json).toEqual({ available: false, files: [] });

    const result = {
      task_id: '',
      status: 'completed',
      output_data: output,
      metrics: { input_tokens: 12, output_tokens: 5 },
      confidence_score: 0.75,
      success_rate: 0.5,
    };
    const submit = () => work('/result', { ...result, task_id: assignmentId });
    const assignmentId = (await read('')).json.assignment_id;
    expect((await submit()).json).toEqual({ assignment_id: assignmentId, state: 'completed', duplicate: false });
    expect((await submit()).json).toMatchObject({ duplicate: true });
    expect(await record()).toMatchObject({ status: 'completed' });

    expect((await read('')).json).toMatchObject({
      status: 'completed',
      success_rate: 1,
      success_source: 'verification',
      metrics: { tokens_used: 17 },
    });
    expect((await read('/result')).json).toMatchObject({
      session_id: id,
      final: true,
      summary: 'Done.',
      simulated: true,
      confidence_score: 0.75,
      agent_success_rate: 0.5,
      result_branch: 'iorch/x',
      verification: [{ name: 'tests', passed: true, weight: 1, exit_code: 0, duration_ms: 5, output: 'ok' }],
    });
    expect((await read('/diff')).json).toMatchObject({
      available: true,
      base_commit: 'aaa',
      files: [{ path: 'x' }],
      diff: output.diff,
    });
    const text = await read('/diff', { headers: { accept: 'text/x-diff' } });
    expect(text).toMatchObject({ text: output.diff, headers: { 'content-type': 'text/x-diff; charset=utf-8' } });
    expect((await read('/logs', { query: { level: 'warning' } })).json.items).toMatchObject([
      { log_seq: 2, message: 'line 2' },
    ]);
    expect((await read('/logs', { query: { source: 'nobody' } })).json.items).toEqual([]);
    expect((await read('/logs', { query: { after: '1' } })).json.items).toMatchObject([{ log_seq: 2 }]);
  });

  it('lists the recorded events without holes and without their inner part, page by page', async () => {
    const { id, read } = await claimedSession();
    const first = await read('/events', { query: { limit: '2' } });
    const second = await read('/events', { query: { limit: '2', cursor: first.json.next_cursor } });
    const events = [...first.json.items, ...second.json.items];
    expect(events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '1 session.created',
      '2 session.status_changed',
      '3 session.status_changed',
    ]);
    expect(events[1]).toMatchObject({ stream: `session:${id}`, room: `session:${id}`, event_id: expect.any(String) });
    for (const event of events) expect(event).not.toHaveProperty('internal');
    expect((await read('/logs', { query: { cursor: first.json.next_cursor } })).json.code).toBe('INVALID_CURSOR');
  });

  it('refuses what an agent may not send, with the reason', async () => {
    const { api, work, assignment } = await claimedSession();
    const done = { task_id: assignment.task_id, status: 'completed' };
    expect((await work('/result', { ...done, task_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E7' })).json.code).toBe(
      'RESULT_TASK_MISMATCH',
    );
    expect((await work('/result', { ...done, fencing_token: 0 })).json).toMatchObject({
      code: 'STALE_FENCING_TOKEN',
      current: 1,
    });
    expect((await work('/result', { ...done, status: 'failed' })).json.errors).toMatchObject([
      { path: '/error_message' },
    ]);
    expect((await work('/result', { ...done, status: 'paused' })).json.errors[0].message).toContain('not offered');
    expect((await work('/events', { events: [{ type: 'checkpoint', event_seq: 1, timestamp: at }] })).status).toBe(422);
    expect((await work('/result', { ...done, extra: 'is ignored' })).status).toBe(200);
    expect((await work('/result', { ...done, partial: true })).json.code).toBe('RESULT_CONFLICT');
    expect((await work('/extend', {})).json).toMatchObject({ code: 'ASSIGNMENT_CLOSED', state: 'completed' });
    const unknown = await work('/../01JD8X5YB2M0Q4V6T8W1Z3C5E7/extend', {});
    expect(unknown.status).toBe(404);
    expect(api.clock.now()).toBeGreaterThan(0);
  });

  it('refuses everything but the result after the deadline, and everything after the lease', async () => {
    const { api, work } = await claimedSession();
    api.clock.advance(29);
    expect((await work('/extend', { lease_seconds: 900 })).status).toBe(200);
    for (let passed = 0; passed < 3600; passed += 600) {
      api.clock.advance(600);
      await work('/extend', { lease_seconds: 900 });
    }
    expect((await work('/extend', {})).json.code).toBe('ASSIGNMENT_DEADLINE_PASSED');
    api.clock.advance(900);
    expect((await work('/extend', {})).json).toMatchObject({ code: 'ASSIGNMENT_CLOSED', state: 'expired' });
  });

  it('finds nothing more to claim, and is told when to ask again', async () => {
    const { asAgent } = await claimedSession();
    const empty = await asAgent('/claim', { max_assignments: 3 });
    expect(empty.json).toMatchObject({ assignments: [], poll_after_seconds: 2.5 });
  });
});

describe('the registration of an agent', () => {
  it.each([
    ['an unknown protocol', { protocol_version: '2.0' }, 'UNSUPPORTED_PROTOCOL_VERSION'],
    ['an odd protocol', { protocol_version: 'x' }, 'UNSUPPORTED_PROTOCOL_VERSION'],
    ['no capability', { capabilities: [] }, 'CAPABILITIES_REQUIRED'],
    ['push delivery', { delivery: 'push' }, 'VALIDATION_ERROR'],
    ['an endpoint', { endpoint_url: 'https://example.com' }, 'VALIDATION_ERROR'],
    ['an unknown capability', { capabilities: ['flying'] }, 'VALIDATION_ERROR'],
    ['a lower-case name', { name: 'runner' }, 'VALIDATION_ERROR'],
  ])('with %s is refused', async (_, fields, code) => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const body = { protocol_version: '1.1', name: 'RUNNER-1', capabilities: ['testing'], ...fields };
    expect(await api.call({ path: '/api/v1/agents/external/register', key: keys['runner'], body })).toMatchObject({
      status: 422,
      json: { code },
    });
  });

  it('under a taken name is refused to others', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    await makeAgent(api, keys['runner'] as string);
    const body = { name: 'RUNNER-1', capabilities: ['testing'], replace: true };
    expect(await api.call({ path: '/api/v1/agents/external/register', key: keys['member'], body })).toMatchObject({
      status: 409,
      json: { code: 'AGENT_ALREADY_EXISTS' },
    });
  });

  it('is answered without directives for an agent of version 1.0', async () => {
    const api = anApi();
    const { keys } = await aTenant(api);
    const body = { name: 'OLD-AGENT', capabilities: ['testing'] };
    const { json } = await api.call({ path: '/api/v1/agents/external/register', key: keys['member'], body });
    const beat = {
      path: `/api/v1/agents/external/${json.agent_id}/heartbeat`,
      key: json.auth_token,
      body: { status: 'healthy' },
    };
    expect(await api.call(beat)).toMatchObject({ status: 204, text: '' });
  });
});

import { describe, expect, it } from 'vitest';
import { type Api, anApi, aTenant, makeAgent, makeSession, makeTenant } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

const UNKNOWN = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
const API = '/api/v1/agents';

type Keys = Readonly<Record<string, string>>;

const register = async (api: Api, keys: Keys, fields: object) => {
  const body = { protocol_version: '1.1', capabilities: ['code_generation'], ...fields };
  return (await api.call({ path: `${API}/external/register`, key: keys['runner'], body })).json;
};
const beat = (api: Api, agent: { agent_id: string; auth_token: string }, body: object) =>
  api.call({ path: `${API}/external/${agent.agent_id}/heartbeat`, key: agent.auth_token, body });
const claim = (api: Api, agent: { agent_id: string; auth_token: string }) =>
  api.call({ path: `${API}/external/${agent.agent_id}/assignments/claim`, key: agent.auth_token, body: {} });

/** An agent that is online and has asked for work. */
const online = async (api: Api, keys: Keys, fields: object) => {
  const agent = await register(api, keys, fields);
  await beat(api, agent, { status: 'healthy' });
  await claim(api, agent);
  return agent;
};
const world = async () => {
  const api = anApi();
  const tenant = await aTenant(api);
  const { keys } = tenant;
  const get = (path: string, query?: Record<string, string>) =>
    api.call({ path: `${API}${path}`, key: keys['viewer'], ...(query ? { query } : {}) });
  return { api, ...tenant, keys, get };
};
const names = ({ json }: { json: { items: { name: string }[] } }) => json.items.map(({ name }) => name);

describe('an agent', () => {
  it('is shown with its load and whether it is available, and nothing that is secret', async () => {
    const { api, keys, get, tenantId } = await world();
    const { agent_id, auth_token } = await online(api, keys, {
      name: 'ONE',
      max_concurrent_tasks: 4,
      metadata: { myKey: 1 },
      labels: { zone: 'a' },
    });
    const { status, json, text, headers } = await get(`/${agent_id}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: agent_id,
      tenant_id: tenantId,
      name: 'ONE',
      status: 'online',
      status_reason: 'heartbeat',
      delivery: 'pull',
      verified: true,
      is_available: true,
      performance_tier: 'competent',
      metadata: { myKey: 1, is_external: true },
      labels: { zone: 'a' },
      load: {
        current_tasks: 0,
        queue_length: 0,
        max_concurrent_tasks: 4,
        reported_load: 0,
        utilization: 0,
        load_level: 'idle',
        can_accept_task: true,
      },
    });
    expect(headers['etag']).toBe(`"${json.version}"`);
    for (const secret of [auth_token, 'token', '"generation', 'revision', 'due_at']) expect(text).not.toContain(secret);
  });

  it('is never shown as online when it has been silent for 90 s, though nobody has written that down', async () => {
    const { api, keys, get } = await world();
    const { agent_id } = await online(api, keys, { name: 'ONE' });
    api.clock.advance(89.999);
    expect((await get(`/${agent_id}`)).json).toMatchObject({ status: 'online', is_available: true });
    api.clock.advance(0.001);
    const offline = { status: 'offline', status_reason: 'silence', is_available: false };
    expect((await get(`/${agent_id}`)).json).toMatchObject(offline);
    expect((await get('', { status: 'online' })).json.items).toEqual([]);
    api.clock.advance(210);
    expect((await get(`/${agent_id}`)).json.status).toBe('forgotten');
  });

  it('of another tenant is like an unknown one', async () => {
    const { api, adminKey, get } = await world();
    const other = await makeTenant(api, adminKey, 'other');
    const { agent_id } = await makeAgent(api, other.keys['runner'] as string);
    const [theirs, unknown] = [await get(`/${agent_id}`), await get(`/${UNKNOWN}`)];
    expect(theirs.status).toBe(404);
    expect({ ...theirs.json, request_id: '', instance: '' }).toEqual({ ...unknown.json, request_id: '', instance: '' });
    expect((await get('')).json).toEqual({ items: [] });
    expect((await get('/stats')).json).toMatchObject({ total: 0, by_capability: {}, overall_utilization: null });
    expect((await get('/by-capability/code_generation', { available_only: 'false' })).json.items).toEqual([]);
  });
});

describe('the list of agents', () => {
  it('is newest first and narrowed by every filter', async () => {
    const { api, keys, get } = await world();
    await online(api, keys, { name: 'ONE', agent_type: 'reviewer', capabilities: ['code_review'] });
    api.clock.advance(1);
    await register(api, keys, { name: 'TWO' });
    api.clock.advance(1);
    await beat(api, await online(api, keys, { name: 'THREE' }), { status: 'degraded' });
    expect(names(await get(''))).toEqual(['THREE', 'TWO', 'ONE']);
    for (const [query, expected] of [
      [{ agent_type: 'reviewer' }, ['ONE']],
      [{ capability: 'code_generation' }, ['THREE', 'TWO']],
      [{ tier: 'competent' }, ['THREE', 'TWO', 'ONE']],
      [{ tier: 'elite' }, []],
      [{ status: 'degraded' }, ['THREE']],
      [{ status: 'deregistered' }, []],
      [{ delivery: 'push' }, []],
      [{ delivery: 'pull' }, ['THREE', 'TWO', 'ONE']],
      [{ available_only: 'true' }, ['THREE', 'ONE']],
      [{ available_only: 'true', agent_type: 'reviewer' }, ['ONE']],
    ] as const) {
      expect(`${JSON.stringify(query)} ${names(await get('', query))}`).toBe(`${JSON.stringify(query)} ${expected}`);
    }
  });

  it.each(['1', '2', '3', '7'])('yields each agent once in pages of %s', async (limit) => {
    const { api, keys, get } = await world();
    for (let made = 1; made <= 5; made++) {
      await register(api, keys, { name: `AGENT-${made}` });
      api.clock.advance(1);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await get('', { limit, ...(cursor ? { cursor } : {}) });
      seen.push(...names(page));
      cursor = page.json.next_cursor;
    } while (cursor);
    expect(seen).toEqual(['AGENT-5', 'AGENT-4', 'AGENT-3', 'AGENT-2', 'AGENT-1']);
  });

  it('takes no cursor of other filters', async () => {
    const { api, keys, get } = await world();
    await register(api, keys, { name: 'AAA' });
    await register(api, keys, { name: 'BBB' });
    const cursor = (await get('', { limit: '1' })).json.next_cursor;
    const reply = await get('', { limit: '1', cursor, status: 'online' });
    expect(reply).toMatchObject({ status: 400, json: { code: 'INVALID_CURSOR' } });
  });

  it.each([
    ['', { capability: 'cooking' }],
    ['', { status: 'asleep' }],
    ['', { available_only: 'maybe' }],
    ['/by-capability/cooking', {}],
  ])('refuses what is no name: %s %j', async (path, query) => {
    const { get } = await world();
    expect(await get(path, query)).toMatchObject({ status: 422, json: { code: 'VALIDATION_ERROR' } });
  });

  it('by capability has the least loaded first, and only available ones unless asked', async () => {
    const { api, keys, get } = await world();
    await beat(api, await online(api, keys, { name: 'LOADED' }), { status: 'healthy', current_load: 0.5 });
    await online(api, keys, { name: 'IDLE' });
    await beat(api, await online(api, keys, { name: 'FULL' }), { status: 'healthy', current_load: 1 });
    await online(api, keys, { name: 'OTHER', capabilities: ['testing'] });
    expect(names(await get('/by-capability/code_generation'))).toEqual(['IDLE', 'LOADED']);
    const all = await get('/by-capability/code_generation', { available_only: 'false' });
    expect(names(all)).toEqual(['IDLE', 'LOADED', 'FULL']);
    await online(api, keys, { name: 'AS-IDLE' });
    expect(names(await get('/by-capability/code_generation'))).toEqual(['IDLE', 'AS-IDLE', 'LOADED']);
  });
});

describe('the assignments of an agent', () => {
  it('are what it holds, what is routed to it and what has ended, without the work itself', async () => {
    const { api, keys, get, tenantId } = await world();
    const agent = await online(api, keys, { name: 'ONE' });
    const machine = machineOf(api, tenantId);
    const dispatch = async () => {
      const { id } = await makeSession(api, keys['member'] as string, { prompt: 'A SECRET PROMPT', start: true });
      await openWork(machine, id, { taskToken: id });
      api.clock.advance(1);
      return id as string;
    };
    const [ended, held] = [await dispatch(), await dispatch()];
    await claim(api, agent);
    await claim(api, agent);
    await api.call({ method: 'POST', path: `/api/v1/sessions/${ended}/cancel`, key: keys['member'], body: {} });
    const routed = await dispatch();
    const list = async (query?: Record<string, string>) => {
      const { json, text } = await get(`/${agent.agent_id}/assignments`, query);
      expect(text).not.toContain('SECRET');
      return json.items.map((item: { session_id: string; state: string }) => [item.session_id, item.state]);
    };
    expect(await list()).toEqual([
      [routed, 'pending'],
      [held, 'claimed'],
      [ended, 'cancelled'],
    ]);
    expect(await list({ state: 'claimed' })).toEqual([[held, 'claimed']]);
    expect(await list({ state: 'cancelled' })).toEqual([[ended, 'cancelled']]);
    expect((await get(`/${UNKNOWN}/assignments`)).json.code).toBe('AGENT_NOT_FOUND');
    expect((await get(`/${agent.agent_id}`)).json.load).toMatchObject({ current_tasks: 1, queue_length: 1 });
  });
});

describe('the figures of all agents', () => {
  it('count them by what they are and how they are', async () => {
    const { api, keys, get } = await world();
    await online(api, keys, { name: 'ONE', max_concurrent_tasks: 2, capabilities: ['testing', 'code_review'] });
    await beat(api, await online(api, keys, { name: 'TWO', agent_type: 'reviewer', max_concurrent_tasks: 2 }), {
      status: 'degraded',
      current_load: 0.8,
    });
    await register(api, keys, { name: 'THREE' });
    expect((await get('/stats')).json).toEqual({
      total: 3,
      available: 2,
      busy: 1,
      degraded: 1,
      by_type: { implementer: 2, reviewer: 1 },
      by_tier: { competent: 3 },
      by_load_level: { idle: 2, high: 1 },
      by_status: { online: 1, degraded: 1, registered: 1 },
      by_capability: { testing: 1, code_review: 1, code_generation: 2 },
      overall_utilization: 0,
      updated_at: new Date(api.clock.now()).toISOString(),
    });
  });
});

describe('trying how work would be routed', () => {
  const ask = (api: Api, keys: Keys, body: object) => api.call({ path: `${API}/route`, key: keys['member'], body });

  it('shows the decision in all its parts and reserves nothing', async () => {
    const { api, keys } = await world();
    const one = await online(api, keys, { name: 'ONE', agent_type: 'reviewer' });
    await online(api, keys, { name: 'TWO', capabilities: ['testing', 'code_generation'] });
    const before = JSON.stringify(api.engine.items());
    const body = { required_capabilities: ['code_generation'], preferred_agent_ids: [one.agent_id] };
    const { status, json } = await ask(api, keys, body);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      selected_agent: {
        id: one.agent_id,
        name: 'ONE',
        agent_type: 'reviewer',
        performance_tier: 'competent',
        load_level: 'idle',
        utilization: 0,
      },
      strategy: 'balanced',
      routing_score: 1,
      bonuses: [{ name: 'preferred_agent', value: 0.2 }],
      alternatives: [{ agent: { name: 'TWO' }, routing_score: 0.84 }],
      routing_reason: 'full capability match, low current load, preferred agent, score 1.00',
      evaluated_at: new Date(api.clock.now()).toISOString(),
    });
    expect(json.components[0]).toEqual({ name: 'tier', weight: 0.4, value: 0.6, contribution: 0.24 });
    expect(json.stages.at(-1)).toEqual({ stage: 'capacity', candidates: 2 });
    expect(JSON.stringify(api.engine.items())).toBe(before);
  });

  it('passes over an agent that says it is full, until it says otherwise', async () => {
    const { api, keys } = await world();
    const agent = await online(api, keys, { name: 'ONE' });
    const body = { required_capabilities: [] };
    await beat(api, agent, { status: 'healthy', current_load: 1 });
    expect(await ask(api, keys, body)).toMatchObject({
      status: 503,
      json: {
        code: 'AGENT_UNAVAILABLE',
        retryable: true,
        failed_stage: 'capacity',
        stages: expect.arrayContaining([{ stage: 'tier', candidates: 1 }]),
      },
    });
    for (const [status, failed] of [
      ['busy', 'reachable'],
      ['offline', 'reachable'],
    ] as const) {
      await beat(api, agent, { status });
      expect((await ask(api, keys, body)).json.failed_stage).toBe(failed);
    }
    await beat(api, agent, { status: 'degraded' });
    expect((await ask(api, keys, body)).json).toMatchObject({ routing_score: 0.6 });
    api.clock.advance(90);
    expect((await ask(api, keys, body)).json.failed_stage).toBe('reachable');
    api.clock.advance(210);
    expect((await ask(api, keys, body)).json.failed_stage).toBe('registered');
    await beat(api, agent, { status: 'healthy' });
    expect((await ask(api, keys, body)).json).toMatchObject({ routing_score: 0.84 });
  });

  it('counts no agent of another tenant in any stage', async () => {
    const { api, keys, adminKey } = await world();
    const other = await makeTenant(api, adminKey, 'other');
    const theirs = await online(api, other.keys, { name: 'THEIRS' });
    const asked = { required_capabilities: ['code_generation'], preferred_agent_ids: [theirs.agent_id] };
    const reply = await ask(api, keys, asked);
    expect(reply.json).toMatchObject({
      failed_stage: 'registered',
      stages: [{ stage: 'registered', candidates: 0 }],
    });
    expect(reply.text).not.toContain(theirs.agent_id);
  });

  it.each([
    [{ required_capabilities: [], strategy: 'suitability' }, 'not offered'],
    [{ required_capabilities: [], task_description: 'Build a parser.' }, 'required_capabilities'],
    [{ required_capabilities: ['cooking'] }, 'required_capabilities'],
    [{}, 'required_capabilities'],
    [{ required_capabilities: [], estimated_hours: 0 }, 'estimated_hours'],
    [{ required_capabilities: [], surprise: 1 }, 'surprise'],
  ])('refuses %j', async (body, named) => {
    const { api, keys } = await world();
    const reply = await ask(api, keys, body);
    expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_ERROR' } });
    expect(JSON.stringify(reply.json.errors)).toContain(named);
  });
});

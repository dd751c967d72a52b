import { describe, expect, it } from 'vitest';
import { makeAwaitAgent } from '#application/await-agent';
import { makeBeginAttempt } from '#application/begin-attempt';
import { canonicalJson } from '#domain/checkpoint/canonical-json';
import { NOON } from '#test/support/a-session';
import { anApi, aTenant, makeAgent, makeSession, makeTenant } from '#test/support/in-process-api';
import { recordingTokens } from '#test/support/ports-in-memory';

/** A session on which an agent works, over HTTP; the workflow's steps are called directly. */
const aWorkingSession = async () => {
  const api = anApi();
  const { keys, tenantId, adminKey } = await aTenant(api);
  const session = await makeSession(api, keys['member'] ?? '', { start: true });
  const drive = async () => {
    const { clock, ids, digest, storeOf } = api.ports;
    const store = storeOf(tenantId);
    const { run } = await store.getSession(session.id);
    await makeBeginAttempt({ store, clock, ids, digest })({ sessionId: session.id, run });
    const awaitAgent = makeAwaitAgent({ store, clock, ids, tokens: recordingTokens() });
    await awaitAgent({ sessionId: session.id, run, taskToken: `token ${run}` });
  };
  await drive();
  const agent = await makeAgent(api, keys['runner'] ?? '');
  const at = `/api/v1/agents/external/${agent.agent_id}`;
  const asAgent = (path: string, body: object, headers = {}) =>
    api.call({ path: `${at}${path}`, key: agent.auth_token, body, headers });
  await asAgent('/heartbeat', { status: 'healthy' });
  return { api, keys, adminKey, session, drive, asAgent, path: `/api/v1/sessions/${session.id}` };
};

const events = (fencing_token: number, ...list: object[]) => ({
  fencing_token,
  events: list.map((event, index) => ({ event_seq: index + 1, timestamp: NOON, ...event })),
});

const data = { b: [1, { snake_case: null, camelCase: 'ü' }], a: 0.1, '10': true };

describe('checkpoints over HTTP', () => {
  it('go from an agent to the session, to its list and to the next claim, unchanged', async () => {
    const { api, keys, asAgent, path } = await aWorkingSession();
    const first = (await asAgent('/assignments/claim', {})).json.assignments[0];
    expect(first.checkpoint).toBeNull();
    const reported = await asAgent(
      `/assignments/${first.assignment_id}/events`,
      events(1, { type: 'checkpoint', trigger: 'after_tool_use', data }),
    );
    expect(reported.status).toBe(200);
    const viewer = keys['viewer'];
    const plain = (await api.call({ path, key: viewer })).json;
    expect(plain).toMatchObject({ checkpoint_count: 1, latest_checkpoint: { sequence: 1 } });
    expect(plain).not.toHaveProperty('checkpoints');
    const full = await api.call({ path, key: viewer, query: { include_checkpoints: 'true' } });
    expect(full.json.checkpoints).toMatchObject([{ sequence: 1, trigger: 'after_tool_use', attempt: 1 }]);
    expect(full.json.checkpoints[0]).not.toHaveProperty('data');
    const listed = await api.call({ path: `${path}/checkpoints`, key: viewer, query: { include_data: 'true' } });
    expect(canonicalJson(listed.json.items[0].data)).toBe(canonicalJson(data));
    expect(listed.json.items[0].state_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are added by a member, with a digest, and answered the same when sent twice', async () => {
    const { api, keys, path } = await aWorkingSession();
    const add = (body: object, key = keys['member'], headers = {}) =>
      api.call({ path: `${path}/checkpoints`, key, body, headers });
    expect((await add({ checkpoint_data: {} }, keys['viewer'])).status).toBe(403);
    expect((await add({})).json).toMatchObject({ status: 422, errors: [{ path: '/checkpoint_data' }] });
    expect((await add({ checkpoint_data: [] })).status).toBe(422);
    expect((await add({ checkpoint_data: { text: 'x'.repeat(256 * 1024) } })).json).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      limit_bytes: 262_144,
    });
    const body = { checkpoint_data: { step: 2, files: ['a.ts'] }, metadata: { camelCase: 1 } };
    const added = await add(body, keys['member'], { 'idempotency-key': 'once' });
    expect(added.json).toMatchObject({
      sequence: 1,
      trigger: 'manual',
      metadata: body.metadata,
      state_hash: '05fc21b1f2ee6cfab66edef5d20b61575e9c0cd90f203cd3603aafb753c8e388',
    });
    const again = await add(body, keys['member'], { 'idempotency-key': 'once' });
    expect(again.json).toMatchObject({ id: added.json.id, sequence: 1 });
    expect((await api.call({ path, key: keys['viewer'] })).json.checkpoint_count).toBe(1);
  });

  it('are listed page by page', async () => {
    const { api, keys, path } = await aWorkingSession();
    for (const step of [1, 2, 3])
      await api.call({ path: `${path}/checkpoints`, key: keys['member'], body: { checkpoint_data: { step } } });
    const list = (query: Record<string, string>) =>
      api.call({ path: `${path}/checkpoints`, key: keys['viewer'], query });
    const first = await list({ limit: '2' });
    expect(first.json.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([3, 2]);
    const second = await list({ limit: '2', cursor: first.json.next_cursor });
    expect(second.json.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1]);
    expect(second.json).not.toHaveProperty('next_cursor');
    expect((await list({ limit: '2', cursor: `${first.json.next_cursor}x` })).json.code).toBe('INVALID_CURSOR');
  });

  it('are refused where they are garbage, and nothing is stored', async () => {
    const { api, keys, asAgent, path } = await aWorkingSession();
    const { assignment_id } = (await asAgent('/assignments/claim', {})).json.assignments[0];
    const report = (...list: object[]) => asAgent(`/assignments/${assignment_id}/events`, events(1, ...list));
    const good = { type: 'checkpoint', trigger: 'manual', data: {} };
    for (const bad of [
      { data: undefined },
      { data: 'text' },
      { trigger: 'sometimes' },
      { state_hash: 'x'.repeat(129) },
    ])
      expect((await report({ ...good, ...bad })).status).toBe(422);
    expect((await report({ ...good, data: { text: 'x'.repeat(256 * 1024) } })).status).toBe(422);
    expect((await report(...Array.from({ length: 11 }, () => good))).status).toBe(422);
    expect((await api.call({ path, key: keys['viewer'] })).json.checkpoint_count).toBe(0);
  });

  it('are chosen for the next work only where there will be any, and only of this session', async () => {
    const { api, keys, adminKey, path } = await aWorkingSession();
    const member = keys['member'];
    const { id } = (await api.call({ path: `${path}/checkpoints`, key: member, body: { checkpoint_data: {} } })).json;
    const restore = (checkpoint = id, key = member) =>
      api.call({ method: 'POST', path: `${path}/checkpoints/${checkpoint}/restore`, key });
    expect((await restore()).json).toMatchObject({ code: 'INVALID_TRANSITION', current: 'running' });
    expect((await restore('01JD8X5YB2M0Q4V6T8W1Z3C5E7')).json.code).toBe('CHECKPOINT_NOT_FOUND');
    const other = await makeTenant(api, adminKey, 'other');
    expect((await restore(id, other.keys['member'])).json.code).toBe('SESSION_NOT_FOUND');
    const foreign = await api.call({ path: `${path}/checkpoints`, key: other.keys['viewer'] });
    expect(foreign.json.code).toBe('SESSION_NOT_FOUND');
  });

  it('come with a claim that is sent twice', async () => {
    const { api, keys, asAgent, path } = await aWorkingSession();
    await api.call({ path: `${path}/checkpoints`, key: keys['member'], body: { checkpoint_data: data } });
    const claim = async () =>
      (await asAgent('/assignments/claim', {}, { 'idempotency-key': 'claim' })).json.assignments[0].checkpoint;
    const first = await claim();
    expect(first).toMatchObject({ sequence: 1 });
    expect(canonicalJson(first.data)).toBe(canonicalJson(data));
    expect(await claim()).toEqual(first);
  });
});

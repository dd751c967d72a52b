import { expect, it } from 'vitest';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

const AT = '2026-05-04T12:00:00.000Z';

/** A session that an agent has claimed. */
const claimedSession = async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const { id } = await makeSession(api, keys['member'] as string, { start: true });
  const machine = machineOf(api, tenantId);
  await openWork(machine, id);
  const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
  const request = (path: string, body: object) => ({
    path: `/api/v1/agents/external/${agent_id}${path}`,
    headers: { 'x-agent-token': auth_token },
    body,
  });
  const own = (path: string, body: object) => api.call(request(path, body));
  const { assignment_id, fencing_token } = (await own('/assignments/claim', {})).json.assignments[0];
  const report = (...events: object[]) =>
    own(`/assignments/${assignment_id}/events`, {
      fencing_token,
      events: events.map((event) => ({ timestamp: AT, type: 'status', ...event })),
    });
  const get = async (path: string) => (await api.call({ path: `/api/v1${path}`, key: keys['viewer'] })).json;
  return { api, request, own, report, get, id, agent_id, lease: { assignment_id, fencing_token } };
};

it('a session whose agent reports that it is degraded is listed, shown and announced so, until it is well', async () => {
  const { report, get, id, api } = await claimedSession();
  await report({ event_seq: 1, status: 'degraded', reason: 'the model is slow' });
  const shown = { status: 'degraded', status_reason: 'agent_degraded', status_detail: 'the model is slow' };
  const allowed_operations = ['update_session', 'cancel_session', 'add_session_checkpoint'];
  expect(await get(`/sessions/${id}`)).toMatchObject({ ...shown, health_score: 0.7, allowed_operations });
  expect(JSON.stringify(await get(`/sessions/${id}`))).not.toContain('left_degraded');
  api.clock.advance(1);
  await report({ event_seq: 2, status: 'healthy' });
  const well = await get(`/sessions/${id}`);
  expect(well).toMatchObject({ status: 'running', health_score: 0.9 });
  expect(well).not.toHaveProperty('status_reason');
  expect(JSON.stringify(well)).not.toContain('left_degraded');
  const { items } = await get(`/sessions/${id}/events`);
  expect(items.slice(-2)).toMatchObject([
    {
      type: 'session.status_changed',
      payload: {
        old_status: 'running',
        new_status: 'degraded',
        attempt: 1,
        reason: 'agent_degraded',
        actor: { kind: 'system' },
      },
    },
    { type: 'session.status_changed', payload: { old_status: 'degraded', new_status: 'running' } },
  ]);
});

it('a heartbeat degrades the sessions of the agent, and the list shows the newest sign as the reason', async () => {
  const { own, report, get, id } = await claimedSession();
  await own('/heartbeat', { status: 'degraded' });
  await report({ event_seq: 1, status: 'degraded' });
  const { items } = await get('/sessions');
  expect(items).toMatchObject([{ id, status: 'degraded', status_reason: 'agent_degraded' }]);
  await own('/heartbeat', { status: 'healthy' });
  expect(await get(`/sessions/${id}`)).toMatchObject({ status: 'running' });
});

it('a heartbeat that comes sooner than 5 s after the last one is told when to come again, and changes nothing', async () => {
  const { api, request, lease } = await claimedSession();
  const beat = request('/heartbeat', { status: 'busy', leases: [lease] });
  api.clock.advance(3);
  const before = JSON.stringify(api.engine.items());
  const refused = await api.callOnce(beat);
  expect(refused).toMatchObject({
    status: 429,
    json: { code: 'RATE_LIMITED', retryable: true, retry_after_seconds: 2 },
  });
  expect(refused.headers['retry-after']).toBe('2');
  expect(JSON.stringify(api.engine.items())).toBe(before);
  api.clock.advance(2);
  expect((await api.callOnce(beat)).status).toBe(200);
});

it('an agent whose clock is off by more than 300 s is shown so, until it is set right', async () => {
  const { api, own, get, agent_id } = await claimedSession();
  const beatAt = async (seconds: number) => {
    api.clock.advance(5);
    const timestamp = new Date(api.clock.now() + seconds * 1000).toISOString();
    expect((await own('/heartbeat', { status: 'healthy', timestamp })).status).toBe(200);
    return get(`/agents/${agent_id}`);
  };
  expect(await beatAt(300)).not.toHaveProperty('clock_skew_seconds');
  expect(await beatAt(-3600)).toMatchObject({ clock_skew_seconds: -3600 });
  expect(await beatAt(0)).not.toHaveProperty('clock_skew_seconds');
});

it('a status event says healthy or degraded, in at most 200 characters, and ten of them fit into a batch', async () => {
  const { report } = await claimedSession();
  const wrong = await report({ event_seq: 1, status: 'tired', reason: 'x'.repeat(201) });
  expect(wrong).toMatchObject({ status: 422, json: { code: 'VALIDATION_ERROR' } });
  const many = Array.from({ length: 11 }, (_, index) => ({ event_seq: index + 1, status: 'healthy' }));
  expect((await report(...many)).status).toBe(422);
  expect((await report(...many.slice(1))).status).toBe(200);
});

import { describe, expect, it } from 'vitest';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

/** A session that the first of two agents has claimed. */
const claimedSession = async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const { id } = await makeSession(api, keys['member'] as string, { start: true });
  const machine = machineOf(api, tenantId);
  await openWork(machine, id);
  const agent = async (name: string) => {
    const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string, name);
    const path = `/api/v1/agents/external/${agent_id}`;
    return (suffix: string, body?: object, query?: Record<string, string>) =>
      api.call({ path: `${path}${suffix}`, headers: { 'x-agent-token': auth_token }, body, ...(query && { query }) });
  };
  const [own, other] = [await agent('RUNNER-1'), await agent('RUNNER-2')];
  const { assignment_id } = (await own('/assignments/claim', {})).json.assignments[0];
  const at = `/assignments/${assignment_id}`;
  const cancel = () => api.call({ path: `/api/v1/sessions/${id}/cancel`, key: keys['member'], body: { reason: 'no' } });
  const session = async () => (await api.call({ path: `/api/v1/sessions/${id}`, key: keys['viewer'] })).json;
  return { api, own, other, at, assignment_id, cancel, session };
};

describe('an agent over HTTP', () => {
  it('finds its assignments again, and nobody else finds them', async () => {
    const { own, other, at, assignment_id } = await claimedSession();
    const one = await own(at);
    expect(one).toMatchObject({
      status: 200,
      json: { assignment_id, state: 'claimed', fencing_token: 1, last_event_seq: 0, directives: [] },
    });
    expect((await own('/assignments')).json).toEqual({ items: [one.json] });
    expect((await own('/assignments', undefined, { state: 'completed' })).json).toEqual({ items: [] });
    expect((await other('/assignments')).json).toEqual({ items: [] });
    const foreign = await other(at);
    const unknown = await other('/assignments/01JD8X5YB2M0Q4V6T8W1Z3C5E7');
    expect(foreign).toMatchObject({ status: 404, json: { code: 'ASSIGNMENT_NOT_FOUND' } });
    const { request_id: _one, ...foreignBody } = foreign.json;
    const { request_id: _two, ...unknownBody } = unknown.json;
    expect(foreignBody).toEqual(unknownBody);
  });

  it.each([
    ['a state that does not exist', { state: 'lost' }, 422],
    ['a parameter that does not exist', { colour: 'red' }, 422],
    ['a cursor of nowhere', { cursor: 'x' }, 400],
  ])('lists nothing for %s', async (_, query, status) => {
    const { own } = await claimedSession();
    expect((await own('/assignments', undefined, query)).status).toBe(status);
  });

  it('gives an assignment back, and another one gets it with a higher fencing token', async () => {
    const { own, other, at, assignment_id, session } = await claimedSession();
    const release = () => own(`${at}/release`, { fencing_token: 1, reason: 'going down' });
    const answer = { assignment_id, state: 'pending', outcome: 'released' };
    expect((await release()).json).toEqual(answer);
    expect((await release()).json).toEqual(answer);
    expect(await session()).toMatchObject({ status: 'running', activity: 'waiting_for_agent' });
    expect((await own(`${at}/extend`, { fencing_token: 1 })).json).toMatchObject({
      ...{ code: 'ASSIGNMENT_CLOSED', state: 'pending' },
    });
    expect((await other('/assignments/claim', {})).json.assignments).toMatchObject([
      { assignment_id, fencing_token: 2 },
    ]);
    expect(await release()).toMatchObject({ status: 409, json: { code: 'STALE_FENCING_TOKEN', current: 2 } });
    expect(await session()).toMatchObject({ activity: 'working' });
  });

  it.each([
    ['too much of it', { data: { text: 'x'.repeat(256 * 1024) } }, '/checkpoint/data'],
    ['no data', {}, '/checkpoint/data'],
    ['an unknown trigger', { data: {}, trigger: 'mood' }, '/checkpoint/trigger'],
  ])('gives nothing back with a checkpoint of %s', async (_, checkpoint, path) => {
    const { own, at } = await claimedSession();
    const refused = await own(`${at}/release`, { fencing_token: 1, checkpoint });
    expect(refused).toMatchObject({ status: 422, json: { errors: [expect.objectContaining({ path })] } });
    expect((await own(at)).json).toMatchObject({ state: 'claimed' });
  });

  it('hears in every answer that its session was cancelled, and acknowledges it', async () => {
    const { own, at, assignment_id, cancel, session } = await claimedSession();
    await cancel();
    const directives = [{ type: 'cancel', assignment_id, reason: 'no', deadline_at: expect.any(String) }];
    const grant = { fencing_token: 1 };
    const started = { type: 'started', event_seq: 1, timestamp: '2026-05-04T12:00:00.000Z' };
    const answers = [
      await own(at),
      await own(`${at}/extend`, grant),
      await own(`${at}/events`, { ...grant, events: [started] }),
      await own('/heartbeat', { status: 'healthy', leases: [{ assignment_id, ...grant }] }),
    ];
    for (const { status, json } of answers)
      expect({ status, json }).toMatchObject({ status: 200, json: { directives } });
    expect((await own('/assignments')).json.items).toMatchObject([{ state: 'cancelled', directives }]);

    const result = { task_id: assignment_id, status: 'cancelled', ...grant };
    expect((await own(`${at}/result`, result)).json).toEqual({ assignment_id, state: 'cancelled', duplicate: false });
    expect((await own(at)).json).toMatchObject({ state: 'cancelled', directives: [] });
    expect(await session()).toMatchObject({ status: 'cancelled' });
  });
});

import { expect, it } from 'vitest';
import { makeRecordOutcome } from '#application/record-outcome';
import { NOON } from '#test/support/a-session';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

/** A session whose only attempt has failed after twenty seconds of work. */
const failedSession = async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const { id } = await makeSession(api, keys['member'] as string, { start: true });
  const machine = machineOf(api, tenantId);
  await openWork(machine, id);
  const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
  const own = (path: string, body: object) =>
    api.call({ path: `/api/v1/agents/external/${agent_id}/assignments${path}`, key: auth_token, body });
  const { assignment_id, fencing_token } = (await own('/claim', {})).json.assignments[0];
  const progress = { event_seq: 1, timestamp: NOON, type: 'progress', percent: 40 };
  await own(`/${assignment_id}/events`, { fencing_token, events: [progress] });
  api.clock.advance(20);
  const failed = { task_id: assignment_id, fencing_token, status: 'failed', error_message: 'no' };
  await own(`/${assignment_id}/result`, failed);
  await makeRecordOutcome(machine)({ sessionId: id, run: 1 });
  const path = `/api/v1/sessions/${id}`;
  const get = async () => (await api.call({ path, key: keys['viewer'] })).json;
  const retry = async (headers = {}) =>
    (await api.call({ path: `${path}/retry`, key: keys['member'], body: {}, headers })).json;
  return { get, retry };
};

it('a retried session is answered with what its new attempt has used: nothing', async () => {
  const { get, retry } = await failedSession();
  expect(await get()).toMatchObject({ status: 'failed', active_seconds: 20, progress: { percent: 40 } });
  const answer = await retry();
  expect(answer).toMatchObject({ status: 'queued', attempt: 2, active_seconds: 0, remaining_seconds: 3600 });
  for (const gone of ['progress', 'agent_id', 'assignment_id']) expect(answer).not.toHaveProperty(gone);
});

it('a retried session is answered like one that is read, also when the answer is remembered', async () => {
  const { get, retry } = await failedSession();
  const key = { 'idempotency-key': 'once' };
  const answers = [await retry(key), await retry(key)];
  const { queue: _, ...read } = await get();
  for (const answer of answers) expect(answer).toEqual(read);
});

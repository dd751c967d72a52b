import { expect, it } from 'vitest';
import { makeRecordOutcome } from '#application/record-outcome';
import { NOON } from '#test/support/a-session';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';

const [firstCommit, laterCommit] = ['a'.repeat(40), 'b'.repeat(40)];

/** A session whose only attempt has failed after twenty seconds of work. */
const failedSession = async (fields: object = {}) => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const { id } = await makeSession(api, keys['member'] as string, { start: true, ...fields });
  const machine = machineOf(api, tenantId);
  await openWork(machine, id);
  const { agent_id, auth_token } = await makeAgent(api, keys['runner'] as string);
  const own = (path: string, body: object, headers = {}) =>
    api.call({ path: `/api/v1/agents/external/${agent_id}/assignments${path}`, key: auth_token, body, headers });
  const { assignment_id, fencing_token } = (await own('/claim', {})).json.assignments[0];
  const started = { event_seq: 1, timestamp: NOON, type: 'started', base_commit: firstCommit };
  const progress = { event_seq: 2, timestamp: NOON, type: 'progress', percent: 40 };
  await own(`/${assignment_id}/events`, { fencing_token, events: [started, progress] });
  api.clock.advance(20);
  const failed = { task_id: assignment_id, fencing_token, status: 'failed', error_message: 'no' };
  await own(`/${assignment_id}/result`, failed);
  await makeRecordOutcome(machine)({ sessionId: id, run: 1 });
  const path = `/api/v1/sessions/${id}`;
  const get = async () => (await api.call({ path, key: keys['viewer'] })).json;
  const retry = async (headers = {}, body = {}) =>
    (await api.call({ path: `${path}/retry`, key: keys['member'], body, headers })).json;
  const open = () => openWork(machine, id, { run: 2 });
  return { get, retry, own, open };
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

const workspace = {
  repository_url: 'https://example.com/shop.git',
  ref: 'main',
  setup: [{ name: 'install', run: 'npm ci' }],
  verify: [{ name: 'tests', run: 'npm test' }],
};

it('a retry from scratch is told the commit of the first attempt, whatever the branch has become', async () => {
  const { retry, own, open, get } = await failedSession({ workspace });
  await retry({}, { from_scratch: true });
  await open();
  const claim = () => own('/claim', {}, { 'idempotency-key': 'once' });
  const first = await claim();
  const { assignment_id, fencing_token, input_data, checkpoint } = first.json.assignments[0];
  expect(input_data.workspace).toMatchObject({
    ...workspace,
    setup: [{ run: 'npm ci' }],
    verify: [{ run: 'npm test' }],
    base_commit: firstCommit,
  });
  expect(checkpoint).toBeNull();
  const started = { event_seq: 1, timestamp: NOON, type: 'started', base_commit: laterCommit };
  await own(`/${assignment_id}/events`, { fencing_token, events: [started] });
  expect((await claim()).text).toBe(first.text);
  expect((await get()).workspace).not.toHaveProperty('base_commit');
});

it('a first attempt is told no commit, also when its claim is repeated after it has found one', async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const { id } = await makeSession(api, keys['member'] as string, { start: true, workspace });
  await openWork(machineOf(api, tenantId), id);
  const { agent_id, auth_token: key } = await makeAgent(api, keys['runner'] as string);
  const path = `/api/v1/agents/external/${agent_id}/assignments`;
  const claim = () => api.call({ path: `${path}/claim`, key, body: {}, headers: { 'idempotency-key': 'once' } });
  const first = await claim();
  const { assignment_id, fencing_token, input_data } = first.json.assignments[0];
  expect(input_data.workspace).not.toHaveProperty('base_commit');
  const started = { event_seq: 1, timestamp: NOON, type: 'started', base_commit: firstCommit };
  await api.call({ path: `${path}/${assignment_id}/events`, key, body: { fencing_token, events: [started] } });
  expect((await claim()).text).toBe(first.text);
});

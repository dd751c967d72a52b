import { describe, expect, it } from 'vitest';
import { makeRecordOutcome } from '#application/record-outcome';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { machineOf, openWork } from '#test/support/opened-work';
import { aRegisteredVersion } from '#test/support/registered-models';

const MODEL = '/api/v1/fine-tuning/models/coder';

/** A tenant whose model has two approved versions and one that was rejected, over HTTP. */
const aRegistry = async () => {
  const api = anApi();
  const { keys, tenantId } = await aTenant(api);
  const machine = machineOf(api, tenantId);
  const versions = { '1.0.0': 'passed', '1.1.0': 'passed', '1.2.0': 'failed' } as const;
  for (const [version, outcome] of Object.entries(versions) as ['1.0.0', 'passed'][])
    await aRegisteredVersion(machine, { version, outcome, servingModelIdentifier: `acme/coder-${version}` });
  const read = async (path = '') => (await api.call({ path: `${MODEL}${path}`, key: keys['viewer'] })).json;
  const write = (path: string, body: object, headers = {}) =>
    api.call({ path: `${MODEL}${path}`, key: keys['lead'], body, headers });
  return { api, keys, machine, read, write };
};

describe('models over HTTP', () => {
  it('are listed and read with their aliases, versions, lineage and evaluation', async () => {
    const { api, keys, read } = await aRegistry();
    const list = await api.call({ path: '/api/v1/fine-tuning/models', key: keys['viewer'] });
    expect(list.json.items).toMatchObject([{ name: 'coder', aliases: { challenger: '1.1.0' }, challenger_percent: 0 }]);
    const one = await api.call({ path: MODEL, key: keys['viewer'] });
    expect(one.headers['etag']).toBe(`"${one.json.version}"`);
    const { items } = await read('/versions');
    expect(items.map((version: Record<string, unknown>) => [version['version'], version['status']])).toEqual([
      ['1.2.0', 'rejected'],
      ['1.1.0', 'approved'],
      ['1.0.0', 'approved'],
    ]);
    expect(await read('/versions/1.1.0')).toMatchObject({
      aliases: ['challenger'],
      job_id: 'JOB',
      dataset_id: 'DATASET',
      parameters: { learning_rate: 0.00005, lora_rank: 8 },
      evaluation: { outcome: 'passed', verdict: 'better', candidate: { passed: 18, pass_rate: 0.9 }, p_value: 0.0391 },
      simulated: false,
    });
  });

  it('are promoted by a lead, once per idempotency key, and rolled back', async () => {
    const { write, read } = await aRegistry();
    expect((await write('/promote', { version: '1.0.0' })).json.aliases).toMatchObject({ champion: '1.0.0' });
    const body = { version: '1.1.0', expected_version: '1.0.0', reason: 'faster' };
    const first = await write('/promote', body, { 'idempotency-key': 'promote-1' });
    const again = await write('/promote', body, { 'idempotency-key': 'promote-1' });
    expect([first.status, again.status, again.headers['idempotent-replay']]).toEqual([200, 200, 'true']);
    expect(again.json).toEqual(first.json);
    expect((await write('/rollback', { reason: 'slow' })).json.aliases).toMatchObject({ champion: '1.0.0' });
    const { items } = await read('/history');
    expect(items.slice(0, 3)).toMatchObject([
      { alias: 'champion', action: 'rollback', from_version: '1.1.0', to_version: '1.0.0', reason: 'slow' },
      { action: 'promote', from_version: '1.0.0', to_version: '1.1.0', reason: 'faster', forced: false },
      { action: 'promote', from_version: null, to_version: '1.0.0', reason: null, actor: { kind: 'service' } },
    ]);
  });

  it('answer a refusal with what stands in the way', async () => {
    const { write, read } = await aRegistry();
    const refused = async (path: string, body: object, headers = {}) => {
      const { status, json } = await write(path, body, headers);
      return [status, json.code];
    };
    const notApproved = await write('/promote', { version: '1.2.0' });
    expect([notApproved.status, notApproved.json.code]).toEqual([409, 'MODEL_NOT_APPROVED']);
    expect(notApproved.json.rules).toMatchObject([{ name: 'min_eval_samples', held: true }]);
    expect(await refused('/promote', { version: '1.2.0', force: true })).toEqual([422, 'VALIDATION_ERROR']);
    expect(await refused('/promote', { version: 'latest' })).toEqual([422, 'VALIDATION_ERROR']);
    expect(await refused('/promote', { version: '1.0.0', alias: 'Champion' })).toEqual([422, 'VALIDATION_ERROR']);
    const looped = { version: '1.0.0', serving_model_identifier: 'registry/coder' };
    expect(await refused('/promote', looped)).toEqual([422, 'VALIDATION_ERROR']);
    expect(await refused('/promote', { version: '3.0.0' })).toEqual([404, 'MODEL_VERSION_NOT_FOUND']);
    expect(await refused('/rollback', {})).toEqual([409, 'NOTHING_TO_ROLL_BACK']);
    expect(await refused('/versions/1.1.0/archive', {})).toEqual([409, 'MODEL_VERSION_IN_USE']);
    const moved = await write('/promote', { version: '1.0.0', expected_version: '1.1.0' });
    expect([moved.status, moved.json.code, moved.json.current_version]).toEqual([412, 'PRECONDITION_FAILED', null]);
    expect(await refused('/promote', { version: '1.0.0' }, { 'if-match': '"1"' })).toEqual([
      412,
      'PRECONDITION_FAILED',
    ]);
    expect(await read('/versions/9.0.0')).toMatchObject({ code: 'MODEL_VERSION_NOT_FOUND' });
    expect((await read('/history')).items.every(({ alias }: { alias: string }) => alias === 'challenger')).toBe(true);
  });

  it('are promoted in spite of the gate by whoever says why, and archived for good', async () => {
    const { api, keys, write, read } = await aRegistry();
    const forced = await write('/promote', { version: '1.2.0', force: true, reason: 'the rule was wrong' });
    expect(forced.json.aliases).toMatchObject({ champion: '1.2.0' });
    expect((await read('/history')).items[0]).toMatchObject({ forced: true, reason: 'the rule was wrong' });
    expect((await write('/versions/1.0.0/archive', {})).json).toMatchObject({ version: '1.0.0', status: 'archived' });
    expect((await write('/promote', { version: '1.0.0' })).json.code).toBe('MODEL_VERSION_ARCHIVED');
    const list = async (query: Record<string, string>) =>
      (await api.call({ path: `${MODEL}/versions`, key: keys['viewer'], query })).json;
    const versionsOf = async (query: Record<string, string>) =>
      (await list(query)).items.map(({ version }: { version: string }) => version);
    expect(await versionsOf({})).toEqual(['1.2.0', '1.1.0', '1.0.0']);
    expect(await versionsOf({ status: 'approved,rejected' })).toEqual(['1.2.0', '1.1.0']);
    expect(await versionsOf({ status: 'archived' })).toEqual(['1.0.0']);
    expect(await list({ status: 'gone' })).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('change their description and the share of their challenger', async () => {
    const { api, keys, read } = await aRegistry();
    const patch = (body: object) => api.call({ method: 'PATCH', path: MODEL, key: keys['lead'], body });
    const { json } = await patch({ challenger_percent: 20, description: 'writes code' });
    expect(json).toMatchObject({ challenger_percent: 20, description: 'writes code' });
    expect(await read()).toEqual(json);
    expect((await patch({ challenger_percent: 51 })).json.errors).toMatchObject([{ path: '/challenger_percent' }]);
  });
});

describe('the sessions of a model, over HTTP', () => {
  /** Has sessions of the champion done, one after the other. */
  const done = async ({ api, keys, machine }: Awaited<ReturnType<typeof aRegistry>>, count: number) => {
    const agent = await makeAgent(api, keys['runner'] ?? '');
    const assignments = `/api/v1/agents/external/${agent.agent_id}/assignments`;
    for (let index = 0; index < count; index++) {
      const { id } = await makeSession(api, keys['member'] ?? '', { start: true, model_identifier: 'registry/coder' });
      await openWork(machine, id, { taskToken: 'token' });
      const claimed = await api.call({ path: `${assignments}/claim`, key: agent.auth_token, body: {} });
      const { assignment_id, fencing_token } = claimed.json.assignments[0];
      const body = { task_id: assignment_id, status: 'completed', fencing_token };
      await api.call({ path: `${assignments}/${assignment_id}/result`, key: agent.auth_token, body });
      await makeRecordOutcome(machine)({ sessionId: id, run: 1 });
    }
  };

  it('are counted by version, in the list, alone, and when it is archived', async () => {
    const registry = await aRegistry();
    const { write, read } = registry;
    await write('/promote', { version: '1.0.0' });
    await done(registry, 2);
    const live = { sessions: 2, completed: 2, average_success_rate: null };
    const none = { sessions: 0, completed: 0, average_success_rate: null };
    expect((await read('/versions')).items.map((version: { live: object }) => version.live)).toEqual([
      none,
      none,
      live,
    ]);
    expect((await read('/versions/1.0.0')).live).toEqual(live);
    await write('/promote', { version: '1.1.0' });
    expect((await write('/versions/1.0.0/archive', {})).json).toMatchObject({ status: 'archived', live });
  });

  it('are compared by arm while a share tries the challenger, and shown to every viewer', async () => {
    const registry = await aRegistry();
    const { api, keys, write, read } = registry;
    await write('/promote', { version: '1.0.0' });
    expect(await read('/trials')).toEqual({ items: [] });
    await api.call({ method: 'PATCH', path: MODEL, key: keys['lead'], body: { challenger_percent: 50 } });
    const { items: begun } = await read('/trials');
    const nothing = { sessions: 0, completed: 0, called_off: 0, completion_rate: null, interval: null };
    expect(begun).toMatchObject([
      {
        champion: { version: '1.0.0', simulated: false, ...nothing },
        challenger: { version: '1.1.0', ...nothing, average_cost_usd: null, average_active_seconds: null },
        ...{ ended_at: null, p_value: null, verdict: null, simulated: false },
      },
    ]);
    await done(registry, 6);
    const [{ champion, challenger }] = (await read('/trials')).items;
    expect(champion.sessions + challenger.sessions).toBe(6);
    expect((await read('/versions/1.1.0')).live.sessions).toBe(challenger.sessions);
    expect(
      await api.call({ path: MODEL.replace('coder', 'other').concat('/trials'), key: keys['viewer'] }),
    ).toMatchObject({ status: 404, json: { code: 'MODEL_NOT_FOUND' } });
  });

  it('say so where a version was only simulated', async () => {
    const registry = await aRegistry();
    const { api, keys, machine, write, read } = registry;
    await write('/promote', { version: '1.0.0' });
    await aRegisteredVersion(machine, { version: '2.0.0', simulated: true, servingModelIdentifier: null });
    await api.call({ method: 'PATCH', path: MODEL, key: keys['lead'], body: { challenger_percent: 50 } });
    expect((await read('/trials')).items).toMatchObject([
      { simulated: true, champion: { simulated: false }, challenger: { version: '2.0.0', simulated: true } },
    ]);
  });
});

describe('a session that names a model of the registry, over HTTP', () => {
  it('shows which version served it, and its agent gets that', async () => {
    const { api, keys, machine, write } = await aRegistry();
    await write('/promote', { version: '1.0.0' });
    const { id } = await makeSession(api, keys['member'] ?? '', { start: true, model_identifier: 'registry/coder' });
    await openWork(machine, id, { taskToken: 'token' });
    const agent = await makeAgent(api, keys['runner'] ?? '');
    const path = `/api/v1/agents/external/${agent.agent_id}/assignments/claim`;
    const claimed = await api.call({ path, key: agent.auth_token, body: {} });
    expect(claimed.json.assignments).toMatchObject([{ model_identifier: 'acme/coder-1.0.0' }]);
    const resolution = {
      requested: 'registry/coder',
      version: '1.0.0',
      alias: 'champion',
      model_identifier: 'acme/coder-1.0.0',
      simulated: false,
    };
    const at = `/api/v1/sessions/${id}`;
    const shown = (await api.call({ path: at, key: keys['viewer'] })).json;
    expect(shown).toMatchObject({ model_identifier: 'registry/coder', model_resolution: resolution });
    const attempts = (await api.call({ path: `${at}/attempts`, key: keys['viewer'] })).json;
    expect(attempts.items).toMatchObject([{ model_resolution: resolution }]);
  });

  it('is refused at its start when there is no such model', async () => {
    const { api, keys } = await aRegistry();
    const started = await makeSession(api, keys['member'] ?? '', { start: true, model_identifier: 'registry/other' });
    expect(started).toMatchObject({ status: 404, code: 'MODEL_NOT_FOUND' });
  });

  it.each(['constructor', 'toString', '__proto__', 'valueOf'])(
    'is refused for the alias %s that nobody set',
    async (alias) => {
      const { api, keys } = await aRegistry();
      const key = keys['member'] ?? '';
      const session = { model_identifier: `registry/coder:${alias}` };
      const answer = { status: 404, code: 'MODEL_VERSION_NOT_FOUND' };
      expect(await makeSession(api, key, { start: true, ...session })).toMatchObject(answer);
      const { id } = await makeSession(api, key, session);
      const started = await api.call({ path: `/api/v1/sessions/${id}/start`, key, body: {} });
      expect({ ...started, ...started.json }).toMatchObject(answer);
    },
  );

  it('gets the version of an alias that is called like what every object has', async () => {
    const { api, keys, write } = await aRegistry();
    const promoted = await write('/promote', { version: '1.0.0', alias: 'constructor' });
    expect(promoted.json.aliases).toMatchObject({ constructor: '1.0.0' });
    const session = { start: true, model_identifier: 'registry/coder:constructor' };
    expect(await makeSession(api, keys['member'] ?? '', session)).toMatchObject({ status: 'queued' });
    await write('/promote', { version: '1.1.0', alias: 'constructor' });
    expect((await write('/rollback', { alias: 'constructor' })).json.aliases).toMatchObject({ constructor: '1.0.0' });
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { aDataset } from '#test/support/a-dataset';
import { type Api, anApi, aTenant } from '#test/support/in-process-api';

const JOBS = '/api/v1/fine-tuning/jobs';

let api: Api;
let tenantId: string;
let keys: Readonly<Record<string, string>>;
let dataset: string;
beforeEach(async () => {
  api = anApi();
  ({ tenantId, keys } = await aTenant(api));
  dataset = api.ports.ids.ulid();
  const counts = { ...aDataset().counts, samples: 500, train: 450, eval: 50 };
  const ready = { id: dataset, tenantId, status: 'ready', sha256: 'a'.repeat(64), counts } as const;
  const made = aDataset({ ...ready, tokens: { train: 540_000, eval: 60_000 } });
  await api.ports.storeOf(tenantId).commit([{ kind: 'dataset', before: null, after: made }]);
});

const ask = (path: string, body?: object, { key = 'lead', headers = {} } = {}) =>
  api.call({ path: `${JOBS}${path}`, key: keys[key] as string, headers, ...(body ? { body } : {}) });
const list = (query: Record<string, string>) => api.call({ path: JOBS, key: keys['viewer'] as string, query });
const request = (fields: object = {}) => ({ base_model: 'acme/base', target_model_name: 'coder', ...fields });
const make = async (fields: object = {}) => (await ask('', request({ dataset_id: dataset, ...fields }))).json;

describe('a training job over the API', () => {
  it('is created with everything that it was not asked for, and says that it is simulated', async () => {
    const reply = await ask('', request({ dataset_id: dataset, parameters: { method: 'qlora' } }));
    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({ location: `${JOBS}/${reply.json.id}`, etag: '"1"' });
    expect(reply.json).toMatchObject({
      status: 'pending',
      version: '1.0.0',
      provider: 'simulated',
      simulated: true,
      lock_version: 1,
      parameters: {
        method: 'qlora',
        epochs: 3,
        learning_rate: 5e-5,
        quantization_bits: 4,
        target_modules: ['q_proj', 'v_proj'],
      },
      compute: { instance_type: 'ml.g5.2xlarge', max_runtime_seconds: 14_400, max_wait_seconds: 28_800 },
      simulation: { queue_seconds: 5, fail_code: 'SIMULATED_FAILURE' },
      estimate: { tokens: 1_620_000, expected_usd: 0, max_usd: 0, simulated: true },
      error: null,
      cost: null,
      started_at: null,
    });
    expect((await ask(`/${reply.json.id}`)).json).toEqual(reply.json);
  });

  it('is made once for the same Idempotency-Key', async () => {
    const once = { headers: { 'idempotency-key': 'one' } };
    const first = await ask('', request(), once);
    const second = await ask('', request(), once);
    expect(second.headers['idempotent-replay']).toBe('true');
    expect(second.json).toEqual(first.json);
    expect((await ask('')).json.items).toHaveLength(1);
  });

  it('gets the version after the latest, the one asked for, or a refusal where it is taken', async () => {
    expect((await make()).version).toBe('1.0.0');
    expect((await make()).version).toBe('1.0.1');
    expect((await make({ bump: 'minor' })).version).toBe('1.1.0');
    expect((await make({ version: '3.0.0-rc.1' })).version).toBe('3.0.0-rc.1');
    expect((await make({ target_model_name: 'other' })).version).toBe('1.0.0');
    expect(await ask('', request({ version: '1.0.1' }))).toMatchObject({
      status: 409,
      json: { code: 'MODEL_VERSION_EXISTS', version: '1.0.1' },
    });
    expect((await make({ bump: 'patch' })).version).toBe('3.0.1');
  });

  it.each([
    ['/version', { version: '1.0' }],
    ['/bump', { version: '1.0.0', bump: 'minor' }],
    ['/target_model_name', { target_model_name: '-x' }],
    ['/provider', { provider: 'sagemaker' }],
    ['/parameters/epochs', { parameters: { epochs: 21 } }],
    ['/parameters/learning_rate', { parameters: { learning_rate: 0.1 } }],
    ['/parameters/target_modules', { parameters: { target_modules: ['q_proj', 'q_proj'] } }],
    ['/parameters/quantization_bits', { parameters: { quantization_bits: 4 } }],
    ['/compute/max_wait_seconds', { compute: { max_runtime_seconds: 6000, max_wait_seconds: 5999 } }],
    ['/simulation/queue_seconds', { simulation: { queue_seconds: 61 } }],
    ['/compute/max_wait_seconds', { compute: { max_runtime_seconds: 600, max_wait_seconds: -1 } }],
    ['/base_model', { base_model: 'acme/\u202Eesab' }],
    ['/base_model', { base_model: 'acme/\u001Bbase' }],
    ['/gate/min_accuracy', { gate: { min_accuracy: 2 } }],
    ['/colour', { colour: 'red' }],
  ])('is refused with the field %s', async (path, fields) => {
    const reply = await ask('', request(fields));
    expect(reply).toMatchObject({ status: 422, json: { code: 'VALIDATION_ERROR' } });
    expect(reply.json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await ask('')).json.items).toEqual([]);
  });

  it('is estimated without being created', async () => {
    const reply = await ask('/estimate', request({ dataset_id: dataset }), { key: 'member' });
    expect(reply.json).toMatchObject({ tokens: 1_620_000, max_usd: 0, evaluation_max_usd: 0, simulated: true });
    expect((await ask('')).json.items).toEqual([]);
  });

  it('is started by leads only, also at its creation', async () => {
    expect(await ask('', request({ auto_start: true }), { key: 'member' })).toMatchObject({
      status: 403,
      json: { code: 'FORBIDDEN', required_role: 'lead' },
    });
    expect(await make({ auto_start: true })).toMatchObject({ status: 'queued', sample_count: 450, lock_version: 2 });
  });

  it('is started in the version that the client saw', async () => {
    const { id } = await make();
    const stale = await ask(`/${id}/start`, {}, { headers: { 'if-match': '"9"' } });
    expect(stale).toMatchObject({ status: 412, json: { current_version: 1 } });
    const started = await ask(`/${id}/start`, {}, { headers: { 'if-match': '"1"' } });
    expect(started).toMatchObject({ status: 200, headers: { etag: '"2"' }, json: { status: 'queued' } });
    expect(await ask(`/${id}/start`, {})).toMatchObject({
      status: 409,
      json: { code: 'INVALID_TRANSITION', remedy: expect.stringContaining('Read the training job') },
    });
  });

  it('stays pending where its dataset is of no use', async () => {
    const { id } = (await ask('', request())).json;
    expect(await ask(`/${id}/start`, {})).toMatchObject({ status: 422, json: { errors: [{ path: '/dataset_id' }] } });
    const store = api.ports.storeOf(tenantId);
    const cases = [
      ['409 DATASET_NOT_READY', { status: 'failed' }],
      ['409 DATASET_NOT_READY', { status: 'deleted' }],
      ['422 DATASET_EMPTY', { status: 'empty' }],
      ['422 DATASET_TOO_SMALL', { status: 'ready', sha256: 'x', counts: { ...aDataset().counts, train: 1 } }],
    ] as const;
    for (const [answer, fields] of cases) {
      const useless = aDataset({ id: api.ports.ids.ulid(), tenantId, ...fields });
      await store.commit([{ kind: 'dataset', before: null, after: useless }]);
      const reply = await ask(`/${id}/start`, { dataset_id: useless.id });
      expect(`${reply.json.status} ${reply.json.code}`).toBe(answer);
      expect(reply.json.retryable).toBe(false);
      expect(reply.headers['retry-after']).toBeUndefined();
      expect(await store.listDatasetUsers(useless.id)).toEqual([]);
    }
    expect((await ask(`/${id}`)).json).toMatchObject({ status: 'pending', lock_version: 1 });
  });

  it.each([
    ['failed', { status: 409, code: 'DATASET_NOT_READY', dataset_status: 'failed', retryable: false }],
    ['deleted', { status: 409, code: 'DATASET_NOT_READY', remedy: expect.stringContaining('Make another dataset') }],
    ['empty', { status: 422, code: 'DATASET_EMPTY' }],
  ] as const)('is neither created nor estimated for a dataset that is %s', async (status, answer) => {
    const useless = aDataset({ id: api.ports.ids.ulid(), tenantId, status });
    await api.ports.storeOf(tenantId).commit([{ kind: 'dataset', before: null, after: useless }]);
    for (const path of ['', '/estimate'])
      expect((await ask(path, request({ dataset_id: useless.id }))).json).toMatchObject(answer);
    expect((await ask('')).json.items).toEqual([]);
  });

  it('is not started while the tenant lets nothing learn from its sessions', async () => {
    const [{ id }, ended] = [await make(), await make()];
    await ask(`/${ended.id}/cancel`, {});
    const allow = (training_data_enabled: boolean) =>
      api.call({
        method: 'PATCH',
        path: `/api/v1/tenants/${tenantId}`,
        key: keys['lead'] as string,
        body: { settings: { training_data_enabled } },
      });
    expect((await allow(false)).status).toBe(200);
    const answer = { status: 409, json: { code: 'TRAINING_DATA_DISABLED' } };
    expect(await ask(`/${id}/start`, {})).toMatchObject(answer);
    expect(await ask(`/${ended.id}/retry`, {})).toMatchObject(answer);
    expect(await ask('', request({ dataset_id: dataset, auto_start: true }))).toMatchObject(answer);
    await allow(true);
    expect(await ask(`/${id}/start`, {})).toMatchObject({ status: 200 });
  });

  it('is cancelled, retried five times at most, and found by its status', async () => {
    const { id } = await make();
    for (let attempt = 1; attempt < 5; attempt++) {
      expect((await ask(`/${id}/cancel`, { reason: 'no' })).json).toMatchObject({ status: 'cancelled', attempt });
      expect((await list({ status: 'cancelled' })).json.items).toHaveLength(1);
      expect((await ask(`/${id}/retry`, {})).json).toMatchObject({ status: 'pending', attempt: attempt + 1 });
    }
    await ask(`/${id}/cancel`, {});
    expect(await ask(`/${id}/retry`, {})).toMatchObject({ status: 409, json: { code: 'NOT_RETRYABLE' } });
    expect((await list({ status: 'pending,queued' })).json.items).toEqual([]);
  });

  it('tells its events, its curve and that it was not compared yet', async () => {
    const { id } = await make({ auto_start: true });
    const events = (await ask(`/${id}/events`)).json.items;
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'training_job.created',
      'training_job.status_changed',
    ]);
    for (const { payload } of events) expect(payload).toMatchObject({ job_id: id, simulated: true });
    expect((await ask(`/${id}/metrics`)).json).toEqual({ items: [] });
    const curve = (attempt: string) =>
      api.call({ path: `${JOBS}/${id}/metrics`, key: keys['viewer'] as string, query: { attempt } });
    expect((await curve('1')).status).toBe(200);
    for (const attempt of ['1e3', '0x1', ' 1', '', '-1'])
      expect(await curve(attempt)).toMatchObject({ status: 422, json: { errors: [{ path: 'attempt' }] } });
    expect(await ask(`/${id}/evaluation`)).toMatchObject({ status: 404, json: { code: 'EVALUATION_NOT_FOUND' } });
    expect((await ask('/poll', {})).json).toEqual({ checked_count: 1, updated_count: 0, failed_count: 0 });
  });

  it('is listed newest first, a page at a time', async () => {
    const ids = [(await make()).id, (await make()).id, (await make()).id];
    const first = (await list({ limit: '2' })).json;
    const rest = (await list({ limit: '2', cursor: first.next_cursor })).json;
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(rest.next_cursor).toBeUndefined();
  });
});

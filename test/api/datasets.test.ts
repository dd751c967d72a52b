import { describe, expect, it } from 'vitest';
import { makeCurateSlice } from '#application/curate-slice';
import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import { aDataset } from '#test/support/a-dataset';
import { goodSession, storeSessions } from '#test/support/curation-world';
import { type Api, anApi, aTenant, makeTenant } from '#test/support/in-process-api';

const DATASETS = '/api/v1/fine-tuning/datasets';

const world = async () => {
  const api = anApi();
  const tenant = await aTenant(api);
  const store = api.ports.storeOf(tenant.tenantId);
  const call = (path: string, rest: object = {}, role = 'member') =>
    api.call({ path: `${DATASETS}${path}`, key: tenant.keys[role], ...rest });
  return { api, store, call, ...tenant };
};

/** What the machine does. */
const build = async (api: Api, tenantId: string, datasetId: string) => {
  const { storeOf, datasetFilesOf, textObjectsOf } = api.ports;
  const own = { store: storeOf(tenantId), files: datasetFilesOf(tenantId), objects: textObjectsOf(tenantId) };
  const ports = { ...api.ports, ...own };
  await makeCurateSlice(ports)({ datasetId });
  await makeWriteDatasetFiles(ports)({ datasetId });
};

type Call = Awaited<ReturnType<typeof world>>['call'];

/** Every item of a list. */
const everyPage = async (call: Call, path: string, query: Readonly<Record<string, string>>) => {
  const items: { id: string; metadata: Record<string, unknown> }[] = [];
  for (let cursor: string | undefined; ; ) {
    const { json } = await call(path, { query: { ...query, ...(cursor ? { cursor } : {}) } });
    items.push(...json.items);
    cursor = json.next_cursor;
    if (cursor === undefined) return items;
  }
};

const aBuiltDataset = async (sessions = 30) => {
  const all = await world();
  const { api, store, call, tenantId } = all;
  await storeSessions(
    store,
    Array.from({ length: sessions }, (_, index) => goodSession(index, { tenantId })),
  );
  const { json } = await call('', { body: { name: 'Verified', split: { eval_fraction: 0.2 } } });
  await build(api, tenantId, json.id);
  return { ...all, id: json.id as string };
};

describe('a dataset that is asked for', () => {
  it('is answered at once with what was asked for and every default', async () => {
    const { call } = await world();
    const reply = await call('', {
      body: { name: 'Verified', filters: { tags: ['a'], created_from: '2026-05-01T02:00:00+02:00' } },
    });
    expect(reply.status).toBe(202);
    expect(reply.headers['location']).toBe(`${DATASETS}/${reply.json.id}`);
    expect(reply.headers['etag']).toBe('"1"');
    expect(reply.json).toMatchObject({
      ...{ name: 'Verified', description: null, status: 'building', sha256: null, ready_at: null, simulated: false },
      filters: {
        ...{ min_success_rate: 0.9, tags: ['a'], created_from: '2026-05-01T00:00:00.000Z', limit: 1000 },
        ...{ success_sources: ['verification', 'person'], include_partial: false },
      },
      split: { eval_fraction: 0.1, seed: 0 },
      include_transcripts: true,
      counts: { scanned: 0, near_duplicates: 0 },
    });
    expect((await call(`/${reply.json.id}`)).json).toEqual(reply.json);
  });

  it('goes without transcripts when that is asked for', async () => {
    const { call } = await world();
    const { json } = await call('', { body: { name: 'Verified', include_transcripts: false } });
    expect((await call(`/${json.id}`)).json).toMatchObject({ include_transcripts: false });
  });

  it('is made once for one idempotency key', async () => {
    const { call } = await world();
    const request = { body: { name: 'Verified' }, headers: { 'idempotency-key': 'one' } };
    const [first, second] = [await call('', request), await call('', request)];
    expect(second.json).toEqual(first.json);
    expect((await call('')).json.items).toHaveLength(1);
  });

  it.each([
    ['/name', { name: '' }],
    ['/filters/min_success_rate', { name: 'x', filters: { min_success_rate: 1.1 } }],
    ['/include_transcripts', { name: 'x', include_transcripts: 'yes' }],
    ['/filters/limit', { name: 'x', filters: { limit: 10_001 } }],
    ['/filters/tags', { name: 'x', filters: { tags: Array.from({ length: 21 }, String) } }],
    ['/filters/success_sources/0', { name: 'x', filters: { success_sources: ['rumour'] } }],
    [
      '/filters/created_to',
      { name: 'x', filters: { created_from: '2026-05-02T00:00:00Z', created_to: '2026-05-01T00:00:00Z' } },
    ],
    ['/split/eval_fraction', { name: 'x', split: { eval_fraction: 0.51 } }],
    ['/split/seed', { name: 'x', split: { seed: 2 ** 32 } }],
  ])('is refused for a bad %s', async (path, body) => {
    const { call } = await world();
    const { status, json } = await call('', { body });
    expect(status).toBe(422);
    expect(json.errors[0].path).toBe(path);
  });

  it('is refused while the tenant does not let its sessions be learned from', async () => {
    const { call, store } = await world();
    const before = await store.getTenant();
    await store.commit([{ kind: 'tenant', before, after: { ...before, trainingDataEnabled: false } }]);
    expect(await call('', { body: { name: 'x' } })).toMatchObject({
      status: 409,
      json: { code: 'TRAINING_DATA_DISABLED' },
    });
  });
});

describe('a dataset that is ready', () => {
  it('says where its files are, for five minutes, under names with the moment it was ready', async () => {
    const { call, id } = await aBuiltDataset();
    const { json } = await call(`/${id}`, {}, 'viewer');
    expect(json).toMatchObject({ status: 'ready', counts: { samples: 30 }, ready_at: expect.any(String) });
    expect(Object.keys(json.downloads)).toEqual(['train', 'eval', 'manifest']);
    const stamp = json.ready_at.slice(0, 19).replace(/[-:]/g, '').replace('T', '_');
    expect(json.downloads.train.file_name).toBe(`dataset_${stamp}_train.jsonl`);
    expect(json.downloads.train.url).toContain('for=300');
    expect(Date.parse(json.downloads.train.expires_at) - Date.parse(json.ready_at)).toBe(300_000);
  });

  it('shows each sample of a part once, page by page', async () => {
    const { call, id } = await aBuiltDataset();
    const items = await everyPage(call, `/${id}/items`, { part: 'train', limit: '7' });
    const seen = items.map(({ metadata }) => metadata['session_id']);
    const { json } = await call(`/${id}`);
    expect(seen).toHaveLength(json.counts.train);
    expect(new Set(seen).size).toBe(seen.length);
    const other = await call(`/${id}/items`, { query: { part: 'eval' } });
    expect(other.json.items).toHaveLength(json.counts.eval);
    expect(other.json.items[0]).toMatchObject({
      input: '',
      metadata: { success_source: 'verification', replayable: true },
    });
  });

  it('shows no page of one part by the cursor of the other', async () => {
    const { call, id } = await aBuiltDataset();
    const { json } = await call(`/${id}/items`, { query: { part: 'train', limit: '1' } });
    const reply = await call(`/${id}/items`, { query: { part: 'eval', cursor: json.next_cursor } });
    expect(reply).toMatchObject({ status: 400, json: { code: 'INVALID_CURSOR' } });
  });

  it('loses its files when a lead deletes it, and can be looked at still', async () => {
    const { call, id, api } = await aBuiltDataset();
    const gone = { method: 'DELETE' };
    expect((await call(`/${id}`, gone)).status).toBe(403);
    const early = await call(`/${id}`, { ...gone, headers: { 'if-match': '"1"' } }, 'lead');
    expect(early).toMatchObject({ status: 412, json: { current_version: 2 } });
    expect((await call(`/${id}`, gone, 'lead')).status).toBe(204);
    expect(api.datasetFiles.stored.size).toBe(0);
    const { json } = await call(`/${id}`);
    expect(json).toMatchObject({ status: 'deleted', sha256: expect.any(String) });
    expect(json.downloads).toBeUndefined();
    expect((await call(`/${id}/items`)).json.code).toBe('DATASET_NOT_FOUND');
    expect((await call(`/${id}`, gone, 'lead')).json.code).toBe('DATASET_NOT_FOUND');
    expect((await call('')).json.items).toEqual([]);
    expect((await call('', { query: { status: 'deleted' } })).json.items).toHaveLength(1);
  });
});

describe('a dataset that is not ready', () => {
  it('has no samples yet and is not deleted while it is built', async () => {
    const { call } = await world();
    const { id } = (await call('', { body: { name: 'x' } })).json;
    for (const reply of [await call(`/${id}/items`), await call(`/${id}`, { method: 'DELETE' }, 'lead')])
      expect(reply).toMatchObject({ status: 409, json: { code: 'DATASET_NOT_READY', retryable: true } });
  });

  it('has no samples, and is not waited for, when its build has failed', async () => {
    const { api, tenantId, call } = await world();
    const failed = aDataset({ id: api.ports.ids.ulid(), tenantId, status: 'failed' });
    await api.ports.storeOf(tenantId).commit([{ kind: 'dataset', before: null, after: failed }]);
    const { headers, json } = await call(`/${failed.id}/items`);
    expect(json).toMatchObject({ status: 409, code: 'DATASET_NOT_READY', dataset_status: 'failed', retryable: false });
    expect(json.remedy).toContain('Make another dataset');
    expect(headers).not.toHaveProperty('retry-after');
  });
});

describe('the list of datasets', () => {
  it('yields each once, newest first, whatever the page size', async () => {
    const { api, call, adminKey, tenantId } = await world();
    const ids: string[] = [];
    for (let index = 0; index < 9; index++) {
      api.clock.advance(1);
      ids.unshift((await call('', { body: { name: `${index}` } })).json.id);
    }
    await build(api, tenantId, ids[4] ?? '');
    for (const limit of ['1', '4', '9', '100'])
      expect((await everyPage(call, '', { limit })).map(({ id }) => id)).toEqual(ids);
    expect((await call('', { query: { status: 'empty,failed' } })).json.items).toMatchObject([{ id: ids[4] }]);
    const other = await makeTenant(api, adminKey, 'other');
    const { json } = await api.call({ path: DATASETS, key: other.keys['viewer'] });
    expect(json.items).toEqual([]);
  });
});

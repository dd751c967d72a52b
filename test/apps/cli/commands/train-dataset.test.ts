import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { DatasetView } from '#contracts/dataset';
import { cliWorld } from '#test/apps/cli/cli-world';
import type { Responder } from '#test/support/fake-api';

const datasetId = '01JD8X5YB2M0Q4V6T8W1Z3C5ED';
const DATASETS = '/api/v1/fine-tuning/datasets';

const anAnswer = (fields: Partial<DatasetView> = {}): DatasetView => ({
  id: datasetId,
  name: 'Verified work',
  description: null,
  status: 'ready',
  version: 2,
  filters: { min_success_rate: 0.9, success_sources: ['verification', 'person'], include_partial: false, limit: 1000 },
  split: { eval_fraction: 0.1, seed: 0 },
  include_transcripts: true,
  counts: {
    ...{ scanned: 20, not_matching: 0, unknown_success_rate: 3, below_threshold: 1, consent: 0, blank: 0, too_long: 0 },
    ...{ too_many_redactions: 0, duplicates: 2, near_duplicates: 0, over_limit: 0 },
    ...{ samples: 14, train: 12, eval: 2, with_messages: 9, redactions: 3 },
  },
  tokens: { train: 1200, eval: 200 },
  bytes: { train: 4800, eval: 800 },
  sha256: 'abc',
  redaction_version: 2,
  redaction_rules: { email: 3 },
  simulated: false,
  created_by: 'somebody',
  created_at: '2026-05-01T12:00:00.000Z',
  ready_at: '2026-05-01T12:00:10.000Z',
  ...fields,
});

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

it('create asks for what was given and nothing else, and says how to look again', async () => {
  const { iorch, api, out, err } = await open(() => ({ status: 202, body: anAnswer({ status: 'building' }) }));
  const filters = ['--min-success-rate', '0.95', '--type', 'debug', '--tag', 'a', '--tag', 'b', '--limit', '50'];
  expect(await iorch('train', 'dataset', 'create', 'Good', ...filters, '--eval', '0.2', '--seed', '7')).toBe(0);
  expect(api.seen[0]).toMatchObject({ method: 'POST', path: DATASETS });
  expect(api.seen[0]?.body).toEqual({
    name: 'Good',
    filters: { min_success_rate: 0.95, session_types: ['debug'], tags: ['a', 'b'], limit: 50 },
    split: { eval_fraction: 0.2, seed: 7 },
  });
  expect(out()).toContain('building');
  expect(err()).toBe(`look again: iorch train dataset get ${datasetId}`);
});

it.each([
  ['ready', 0],
  ['empty', 1],
  ['failed', 1],
] as const)('create --watch ends with %s as exit code %i', async (status, code) => {
  let looks = 0;
  const { iorch, out } = await open(({ method }) => ({
    body: anAnswer({ status: method === 'POST' || ++looks < 3 ? 'building' : status }),
  }));
  expect(await iorch('train', 'dataset', 'create', 'Good', '--watch')).toBe(code);
  expect(looks).toBe(3);
  expect(out()).toContain(status);
});

it('create leaves transcripts out when it is told to, and says so', async () => {
  const { iorch, api, out } = await open(() => ({ body: anAnswer({ include_transcripts: false }) }));
  expect(await iorch('train', 'dataset', 'create', 'Good', '--no-transcripts')).toBe(0);
  expect(api.seen[0]?.body).toMatchObject({ include_transcripts: false });
  expect(out()).toContain('messages   left out, as asked for');
});

it('create refuses what is no number', async () => {
  const { iorch, err } = await open(() => ({ body: anAnswer() }));
  expect(await iorch('train', 'dataset', 'create', 'Good', '--eval', 'half')).toBe(2);
  expect(err()).toContain('It must be a number.');
});

it('list prints a table and how to get the next page', async () => {
  const { iorch, api, out, err } = await open(() => ({
    body: { items: [anAnswer({ simulated: true })], next_cursor: 'abc' },
  }));
  expect(await iorch('train', 'dataset', 'list', '--status', 'ready')).toBe(0);
  expect(api.seen[0]).toMatchObject({ path: DATASETS, query: { status: 'ready' } });
  expect(out().split('\n')).toEqual([
    'ID                          STATUS  TRAIN  EVAL   AGE  NAME',
    `${datasetId}  ready      12     2  30 s  Verified work (simulated)`,
  ]);
  expect(err()).toBe('more: iorch train dataset list --status ready --cursor abc');
});

it('get says what became of the sessions and what was taken out of them', async () => {
  const { iorch, out } = await open(() => ({ body: anAnswer() }));
  expect(await iorch('train', 'dataset', 'get', datasetId)).toBe(0);
  expect(out()).toContain('left out   3 success unknown, 1 not good enough, 2 repeat another one');
  expect(out()).toContain('train      12 samples, 1,200 tokens');
  expect(out()).toContain('messages   in 9 samples');
  expect(out()).toContain('redacted   3 email');
});

it('get of one that failed says why', async () => {
  const error = { code: 'DATASET_BUILD_FAILED', message: 'the build failed: States.Timeout' };
  const { iorch, out } = await open(() => ({
    body: anAnswer({ status: 'failed', sha256: null, ready_at: null, error }),
  }));
  expect(await iorch('train', 'dataset', 'get', datasetId)).toBe(0);
  expect(out()).toContain('status     failed (DATASET_BUILD_FAILED: the build failed: States.Timeout)');
  expect(out()).not.toContain('samples');
});

it('items prints a sample per line, and how to get more of the same part', async () => {
  const item = { instruction: 'Do.', input: '', output: 'Done.', metadata: { session_id: 'S' } };
  const { iorch, api, out, err } = await open(() => ({ body: { items: [item, item], next_cursor: 'abc' } }));
  expect(await iorch('train', 'dataset', 'items', datasetId, '--part', 'eval', '--limit', '2')).toBe(0);
  expect(api.seen[0]).toMatchObject({ path: `${DATASETS}/${datasetId}/items`, query: { part: 'eval', limit: '2' } });
  expect(
    out()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([item, item]);
  expect(err()).toBe(`more: iorch train dataset items ${datasetId} --part eval --limit 2 --cursor abc`);
});

it('download puts every file under its name into a folder, and overwrites only when it is told to', async () => {
  const storage = createServer((request, response) => response.end(`content of ${request.url}`));
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(tmpdir(), 'iorch-test-'));
  try {
    const base = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
    const file = (name: string) => ({
      url: `${base}/${name}`,
      file_name: `d_${name}`,
      expires_at: anAnswer().created_at,
    });
    const downloads = { train: file('train.jsonl'), eval: file('eval.jsonl'), manifest: file('manifest.json') };
    const { iorch, out, err } = await open(() => ({ body: anAnswer({ downloads }) }));
    expect(await iorch('train', 'dataset', 'download', datasetId, '--to', path.join(folder, 'new'))).toBe(0);
    const names = ['d_eval.jsonl', 'd_manifest.json', 'd_train.jsonl'];
    expect(readdirSync(path.join(folder, 'new')).sort()).toEqual(names);
    expect(readFileSync(path.join(folder, 'new/d_train.jsonl'), 'utf8')).toBe('content of /train.jsonl');
    expect(out().split('\n')).toEqual([
      `train     ${folder}/new/d_train.jsonl`,
      `eval      ${folder}/new/d_eval.jsonl`,
      `manifest  ${folder}/new/d_manifest.json`,
    ]);
    writeFileSync(path.join(folder, 'new/d_train.jsonl'), 'of another dataset');
    rmSync(path.join(folder, 'new/d_eval.jsonl'));
    expect(await iorch('train', 'dataset', 'download', datasetId, '--to', path.join(folder, 'new'))).toBe(2);
    expect(err()).toContain(`${folder}/new/d_train.jsonl exists already`);
    expect(err()).toContain('--force');
    expect(readdirSync(path.join(folder, 'new')).sort()).toEqual(['d_manifest.json', 'd_train.jsonl']);
    expect(readFileSync(path.join(folder, 'new/d_train.jsonl'), 'utf8')).toBe('of another dataset');
    expect(await iorch('train', 'dataset', 'download', datasetId, '--force', '--to', path.join(folder, 'new'))).toBe(0);
    expect(readFileSync(path.join(folder, 'new/d_train.jsonl'), 'utf8')).toBe('content of /train.jsonl');
  } finally {
    storage.close();
    rmSync(folder, { recursive: true });
  }
});

it('download of one without files is refused', async () => {
  const { iorch, err } = await open(() => ({ body: anAnswer({ status: 'deleted' }) }));
  expect(await iorch('train', 'dataset', 'download', datasetId)).toBe(3);
  expect(err()).toContain('the dataset is deleted');
});

it('delete says what is gone and what stays', async () => {
  const { iorch, api, out } = await open(() => ({ status: 204, body: null }));
  expect(await iorch('train', 'dataset', 'delete', datasetId)).toBe(0);
  expect(api.seen[0]).toMatchObject({ method: 'DELETE', path: `${DATASETS}/${datasetId}` });
  expect(out()).toBe(`the files of dataset ${datasetId} are deleted; its record stays`);
});

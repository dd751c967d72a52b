import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { TrainingJob } from '#contracts/training-job';
import { cliWorld } from '#test/apps/cli/cli-world';
import { aProblem, type Responder } from '#test/support/fake-api';

const id = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
const at = '2026-05-01T12:00:00.000Z';

const aJob = (fields: Partial<TrainingJob> = {}) => ({
  id,
  base_model: 'acme/base',
  target_model_name: 'coder',
  version: '1.0.0',
  dataset_id: id,
  provider: 'simulated',
  status: 'running',
  attempt: 1,
  external_job_id: 'sim-1',
  phase: 'training',
  progress: 0.5,
  step: 169,
  total_steps: 339,
  sample_count: 450,
  metrics: null,
  estimate: null,
  cost: null,
  artifact_uri: null,
  cancel_requested: false,
  evaluation: null,
  model_version: null,
  error: null,
  simulated: true,
  created_at: at,
  created_by: 'ADA',
  started_at: at,
  completed_at: null,
  lock_version: 3,
  parameters: { method: 'lora', epochs: 3, learning_rate: 5e-5 },
  compute: {},
  gate: {},
  metadata: {},
  ...fields,
});
const metrics = {
  final_loss: 0.9451,
  eval_loss: 0.9802,
  accuracy: null,
  training_duration_seconds: 68,
  tokens_processed: 1,
};
const ended = aJob({ status: 'completed', phase: null, progress: 1, completed_at: at, metrics });

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

it('create sends the file with the options over it, and shows the job', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'iorch-')), 'job.json');
  writeFileSync(file, JSON.stringify({ base_model: 'acme/other', parameters: { epochs: 9, seed: 7 } }));
  const { iorch, out, api } = await open(() => ({ status: 201, body: aJob() }));
  const options = ['--file', file, '--base', 'acme/base', '--model', 'coder', '--epochs', '2', '--no-gate', '--start'];
  expect(await iorch('train', 'job', 'create', ...options)).toBe(0);
  expect(api.seen[0]?.body).toEqual({
    base_model: 'acme/base',
    target_model_name: 'coder',
    auto_start: true,
    parameters: { epochs: 2, seed: 7 },
    gate: { enabled: false },
  });
  expect(out()).toContain('running · training (simulated)');
  expect(out()).toContain('50 %, step 169 of 339');
  expect(out()).toContain('coder 1.0.0, not made yet');
});

it('create says what is wrong with a file that is none', async () => {
  const { iorch, err } = await open(() => ({ body: {} }));
  expect(await iorch('train', 'job', 'create', '--file', '/nowhere/job.json')).toBe(2);
  expect(err()).toContain('/nowhere/job.json is not a JSON file that can be read');
});

it('estimate says what is known, and that a simulation is one', async () => {
  const estimate = {
    tokens: null,
    seconds: null,
    expected_usd: null,
    max_usd: 6,
    price_table_version: 'p',
    as_of: 'd',
  };
  const { iorch, out } = await open(({ body }) => ({
    body: { ...estimate, simulated: (body as { provider?: string }).provider === 'simulated', evaluation_max_usd: 20 },
  }));
  expect(await iorch('train', 'job', 'estimate', '--base', 'b', '--model', 'm')).toBe(0);
  expect(out()).toMatch(/at most +\$6.00\n/);
  expect(out()).toMatch(/comparing +at most \$20.00/);
  expect(await iorch('train', 'job', 'estimate', '--base', 'b', '--model', 'm', '--provider', 'simulated')).toBe(0);
  expect(out()).toContain('$6.00 (simulated)');
});

it('list prints a line per job, and how to get the next page', async () => {
  const { iorch, out, err, api } = await open(() => ({ body: { items: [aJob()], next_cursor: 'abc' } }));
  expect(await iorch('train', 'job', 'list', '--status', 'running', '--model', 'coder')).toBe(0);
  expect(api.seen[0]?.query).toMatchObject({ status: 'running', target_model_name: 'coder' });
  expect(out().split('\n')).toEqual([
    'ID                          STATUS   DONE   AGE  PROVIDER   MODEL',
    `${id}  running  50 %  30 s  simulated  coder 1.0.0`,
  ]);
  expect(err()).toContain('train job list --status running --model coder --cursor abc');
});

it('start, cancel and retry send what was said', async () => {
  const { iorch, api } = await open(() => ({ body: aJob() }));
  expect(await iorch('train', 'job', 'start', id, '--dataset', id)).toBe(0);
  expect(await iorch('train', 'job', 'cancel', id, '--reason', 'wrong data')).toBe(0);
  expect(await iorch('train', 'job', 'retry', id)).toBe(0);
  expect(api.seen.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
    ['start', { dataset_id: id }],
    ['cancel', { reason: 'wrong data' }],
    ['retry', {}],
  ]);
});

it('metrics reads the whole curve and says that it is simulated', async () => {
  const point = {
    step: 113,
    epoch: 1,
    train_loss: 1.3552,
    eval_loss: 1.4083,
    tokens_processed: 540_000,
    at,
    simulated: true,
  };
  const { iorch, out } = await open(({ query }) => ({
    body: query['cursor']
      ? { items: [{ ...point, step: 226, eval_loss: undefined }] }
      : { items: [point], next_cursor: 'c' },
  }));
  expect(await iorch('train', 'job', 'metrics', id)).toBe(0);
  expect(out().split('\n')).toEqual([
    'STEP  EPOCH  TRAIN LOSS  EVAL LOSS   TOKENS  SIMULATED',
    ' 113   1.00      1.3552     1.4083  540,000  yes',
    ' 226   1.00      1.3552             540,000  yes',
  ]);
});

it('watch tells what changes until the job has ended, and how it went', async () => {
  const looks = [aJob({ progress: 0.1 }), aJob({ progress: 0.1 }), aJob(), ended];
  const { iorch, out, api } = await open(({ path }) => ({
    body: path.endsWith('/poll') ? { checked_count: 1, updated_count: 1, failed_count: 0 } : looks.shift(),
  }));
  expect(await iorch('train', 'job', 'watch', id, '--poll')).toBe(0);
  expect(out().split('\n').slice(0, 3)).toEqual([
    'running · training (simulated)  10 %, step 169 of 339',
    'running · training (simulated)  50 %, step 169 of 339',
    'completed (simulated)  100 %, step 169 of 339',
  ]);
  expect(out()).toContain('loss 0.9451, held out 0.9802, accuracy unknown');
  expect(api.seen.filter(({ path }) => path.endsWith('/poll'))).toHaveLength(4);
});

it.each([
  [
    [],
    ['iorch: nothing new for 20 s: the API looks at trainings once a minute; with --poll at every look (leads only)'],
  ],
  [['--poll'], []],
])('watch %j says once why it is quiet: %j', async (options, hints) => {
  const looks = [...Array(20).fill(aJob({ step: 1 })), ...Array(20).fill(aJob({ step: 2 })), ended];
  const { iorch, err } = await open(({ path }) => ({
    body: path.endsWith('/poll') ? { checked_count: 1, updated_count: 0, failed_count: 0 } : looks.shift(),
  }));
  expect(await iorch('train', 'job', 'watch', id, ...options)).toBe(0);
  expect(err().split('\n').filter(Boolean)).toEqual(hints);
});

it('watch says in its help that progress is seen once a minute', async () => {
  const { iorch, out } = await open(() => undefined);
  expect(await iorch('train', 'job', 'watch', '--help')).toBe(0);
  expect(out()).toContain('once a minute: a short one');
});

it('events prints what happened to a job, page by page', async () => {
  const event = (seq: number, type: string, payload: object) => ({ type, payload, seq, timestamp: at });
  const { iorch, out, api } = await open(({ query }) => ({
    body: query['cursor']
      ? {
          items: [
            event(2, 'training_job.status_changed', {
              job_id: id,
              old_status: 'queued',
              new_status: 'running',
              phase: 'training',
            }),
          ],
        }
      : { items: [event(1, 'training_job.created', { job_id: id, attempt: 1 })], next_cursor: 'c' },
  }));
  expect(await iorch('train', 'job', 'events', id)).toBe(0);
  expect(api.seen.map(({ path }) => path)).toEqual(Array(2).fill(`/api/v1/fine-tuning/jobs/${id}/events`));
  expect(
    out()
      .split('\n')
      .map((line) => line.slice(10)),
  ).toEqual(['created    attempt=1', 'status     queued → running · training']);
});

it.each(['.', '..', ''])('get of "%s" asks nothing', async (name) => {
  const { iorch, err, api } = await open(() => ({ body: {} }));
  expect(await iorch('train', 'model', 'get', name)).toBe(2);
  expect(api.seen).toEqual([]);
  expect(err()).toBe(`iorch: model name: "${name}" names nothing`);
});

it('watch of a job that fails is not 0', async () => {
  const error = { code: 'SIMULATED_FAILURE', message: 'as asked' };
  const { iorch, out } = await open(() => ({ body: aJob({ status: 'failed', phase: null, completed_at: at, error }) }));
  expect(await iorch('train', 'job', 'watch', id)).toBe(1);
  expect(out()).toContain('SIMULATED_FAILURE: as asked');
});

it('get of an unknown job is refused', async () => {
  const { iorch, err } = await open(() => ({
    status: 404,
    body: aProblem({ code: 'TRAINING_JOB_NOT_FOUND', status: 404 }),
  }));
  expect(await iorch('train', 'job', 'get', id)).toBe(2);
  expect(err()).toContain('TRAINING_JOB_NOT_FOUND');
});

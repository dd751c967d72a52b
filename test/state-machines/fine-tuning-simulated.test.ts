import { beforeAll, expect, it, vi } from 'vitest';
import { makeCurateSlice } from '#application/curate-slice';
import { makeWriteDatasetFiles } from '#application/write-dataset-files';
import type { Route } from '#contracts/route';
import { goodSession, storeSessions } from '#test/support/curation-world';
import { anApi, aTenant, makeAgent, makeSession } from '#test/support/in-process-api';
import { allRoutes } from '#test/support/matrix-request';
import { machineOf, openWork } from '#test/support/opened-work';
import { entities } from '#test/support/ports-in-memory';
import { aTrainingWorld, loadHandlers } from './driven-training.ts';

vi.mock('#runtime/ports', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).portsOfTheWorld,
}));
vi.mock('#runtime/step-functions', async () => (await import('./driven-training.ts')).tokensOfTheWorld);
vi.mock('#runtime/eval-items', async () => (await import('./driven-training.ts')).evalItemsOfTheWorld);
vi.mock('#runtime/sagemaker', async () => (await import('./driven-training.ts')).sageMakerOfTheWorld);
vi.mock('#runtime/training-providers', async (original) => ({
  ...(await original<object>()),
  ...(await import('./driven-training.ts')).providersOfTheWorld,
}));
beforeAll(loadHandlers);

const BASE = '/api/v1/fine-tuning';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** What stands for itself in an answer: each item of a list, or the answer. */
const shownIn = (json: Json): readonly Json[] => (Array.isArray(json['items']) ? json['items'] : [json]);
const isMarked = ({ simulated, payload }: Json) =>
  simulated === true || (isObject(payload) && payload['simulated'] === true);

/** Names that only what was measured, priced or judged has. */
const MARKS = ['train_loss', 'max_usd', 'outcome', 'verdict', 'dataset_sha256'];
/** Parts of an answer, however deep, that have such a name and do not say that they are simulated. */
const unmarkedParts = (value: unknown): unknown[] =>
  isObject(value)
    ? [
        ...(MARKS.some((name) => name in value) && !isMarked(value) ? [value] : []),
        ...Object.values(value).flatMap(unmarkedParts),
      ]
    : [];

/** Facts about a dataset or a model that are not about a training. */
const NO_TRAINING = ['dataset.created', 'model.updated'];

/** Samples are lines of the file, whose form is fixed: their origin names the model that made them. */
const isDemoSample = ({ metadata }: Json) =>
  isObject(metadata) && String(metadata['model_identifier']).startsWith('demo/');

it('nothing of simulated trainings is shown without saying so, in any answer or event', async () => {
  const api = anApi();
  const { tenantId, keys } = await aTenant(api);
  const world = await aTrainingWorld({ table: api.engine, tenantId, limit: 2 });
  const given = await world.store.getDataset('DATASET');
  await world.store.commit([{ kind: 'dataset', before: given, after: { ...given, status: 'deleted' } }]);
  const answers: { readonly operation: string; readonly json: Json }[] = [];
  const ask = async (method: string, path: string, body?: object) => {
    const reply = await api.call({ method, path: `${BASE}${path}`, key: keys['lead'], ...(body ? { body } : {}) });
    expect([method, path, reply.status < 300, reply.text.slice(0, 300)]).toMatchObject([method, path, true, {}]);
    answers.push({ operation: `${method} ${path}`, json: reply.json });
    return reply.json;
  };

  await storeSessions(
    world.store,
    Array.from({ length: 40 }, (_, index) => goodSession(index, { tenantId, modelIdentifier: 'demo/scripted' })),
  );
  const dataset_id: string = (
    await api.call({ path: `${BASE}/datasets`, key: keys['lead'], body: { name: 'd', split: { eval_fraction: 0.3 } } })
  ).json.id;
  const files = { ...world, files: api.ports.datasetFilesOf(tenantId), objects: api.ports.objectsOf(tenantId) };
  await makeCurateSlice(files)({ datasetId: dataset_id });
  await makeWriteDatasetFiles(files)({ datasetId: dataset_id });
  expect(api.datasetFiles.textOf(tenantId, dataset_id, 'manifest.json')).toContain('"simulated": true');

  const job = { base_model: 'acme/base', target_model_name: 'coder', dataset_id, provider: 'simulated' };
  await ask('POST', '/jobs/estimate', job);
  const made = await ask('POST', '/jobs', { ...job, auto_start: true, gate: { auto_promote: true } });
  await world.pass(240);
  await ask('POST', '/jobs', { ...job, auto_start: true });
  await world.pass(240);
  const failing = await ask('POST', '/jobs', { ...job, simulation: { fail_at_progress: 0.5 } });
  await ask('POST', `/jobs/${failing.id}/start`, {});
  await world.pass(180);
  expect((await ask('GET', `/jobs/${failing.id}`)).status).toBe('failed');
  await ask('POST', `/jobs/${failing.id}/retry`, {});
  await ask('POST', `/jobs/${failing.id}/cancel`, {});
  await ask('POST', '/models/coder/promote', { version: '1.0.1', force: true, reason: 'look at it' });
  await ask('POST', '/models/coder/rollback', {});
  await ask('POST', '/models/coder/promote', { version: '1.0.1', alias: 'challenger', force: true, reason: 'try it' });
  await ask('PATCH', '/models/coder', { challenger_percent: 50 });

  const ids: Readonly<Record<string, string>> = { dataset_id, job_id: made.id, model_name: 'coder', version: '1.0.0' };
  const reads = allRoutes.filter(({ method, path }: Route) => method === 'GET' && path.startsWith(BASE));
  expect(reads.length).toBeGreaterThanOrEqual(12);
  for (const { path } of reads)
    await ask(
      'GET',
      path.slice(BASE.length).replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ''),
    );
  for (const { operation, json } of answers) {
    const things = shownIn(json);
    expect([operation, things.length > 0]).toEqual([operation, true]);
    const silent = things.filter(
      (one) => !isMarked(one) && !isDemoSample(one) && !NO_TRAINING.includes(String(one['type'])),
    );
    expect([operation, silent, unmarkedParts(json)]).toEqual([operation, [], []]);
  }
  await ask('POST', '/models/coder/promote', { version: '1.0.1', alias: 'canary', force: true, reason: 'r' });

  const facts = entities(api.engine.items(), 'event').filter(({ type }) =>
    /^(training_job|model|dataset)\./.test(String(type)),
  );
  expect(new Set(facts.map(({ type }) => type)).size).toBeGreaterThanOrEqual(8);
  for (const { type, payload } of facts)
    if (!NO_TRAINING.includes(String(type))) expect([type, payload]).toMatchObject([type, { simulated: true }]);

  const session = await makeSession(api, keys['member'] as string, { model_identifier: 'registry/coder', start: true });
  await openWork(machineOf(api, tenantId), session.id, { taskToken: 'token' });
  const agent = await makeAgent(api, keys['runner'] as string);
  const claimed = await api.call({
    path: `/api/v1/agents/external/${agent.agent_id}/assignments/claim`,
    key: agent.auth_token,
    body: {},
  });
  expect(claimed.json.assignments).toMatchObject([{ session_id: session.id }]);
  for (const path of [`/api/v1/sessions/${session.id}`, `/api/v1/sessions/${session.id}/attempts`]) {
    const { json } = await api.call({ path, key: keys['viewer'] });
    expect(shownIn(json)).toMatchObject([{ model_resolution: { model_identifier: 'acme/base', simulated: true } }]);
  }
});

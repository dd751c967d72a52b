import { afterEach, expect, it } from 'vitest';
import type { EvaluationAnswer } from '#contracts/evaluation';
import type { AliasMoveAnswer, ModelAnswer, TrialAnswer, VersionAnswer } from '#contracts/model';
import { cliWorld } from '#test/apps/cli/cli-world';
import type { Responder } from '#test/support/fake-api';

const at = '2026-05-01T12:00:00.000Z';

const aModel = (fields: Partial<ModelAnswer> = {}): ModelAnswer => ({
  name: 'coder',
  tenant_id: '01JD8X5YB2M0Q4V6T8W1Z3C5E8',
  version: 3,
  description: null,
  challenger_percent: 20,
  aliases: { champion: '1.0.0', challenger: '1.1.0' },
  simulated: false,
  simulated_aliases: [],
  created_at: at,
  updated_at: at,
  ...fields,
});

const evaluation: EvaluationAnswer = {
  basis: 'simulated',
  simulated: true,
  outcome: 'failed',
  verdict: 'not_distinguishable',
  p_value: 0.21875,
  candidate: { model_identifier: null, passed: 17, pairs: 20, pass_rate: 0.85, interval: [0.6396, 0.9476] },
  baseline: { model_identifier: 'acme/base', passed: 13, pairs: 20, pass_rate: 0.65, interval: [0.4329, 0.8188] },
  both: 12,
  candidate_only: 5,
  baseline_only: 1,
  neither: 2,
  not_replayed: { agent: 2 },
  text: { items: 12, candidate_mean: 0.5, baseline_mean: 0.6 },
  rules: [
    { name: 'min_eval_samples', value: 20, threshold: 10, held: true },
    { name: 'max_eval_loss', value: null, threshold: 1, held: false },
  ],
  at,
};

const aVersion = (fields: Partial<VersionAnswer> = {}): VersionAnswer => ({
  model_name: 'coder',
  version: '1.1.0',
  status: 'rejected',
  aliases: ['challenger'],
  job_id: 'JOB',
  attempt: 1,
  dataset_id: 'DATASET',
  dataset_sha256: '005b558ef58a5184923032468e94af45',
  base_model: 'mistralai/Mistral-7B-v0.1',
  parameters: {},
  metrics: null,
  evaluation,
  artifact_uri: null,
  serving_model_identifier: null,
  provider: 'simulated',
  simulated: true,
  created_at: at,
  created_by: 'somebody',
  live: { sessions: 4, completed: 3, average_success_rate: 0.9 },
  ...fields,
});

const anArm = (fields: Partial<TrialAnswer['champion']> = {}): TrialAnswer['champion'] => ({
  version: '1.0.0',
  simulated: false,
  sessions: 50,
  completed: 30,
  called_off: 0,
  completion_rate: 0.6,
  interval: [0.462, 0.724],
  average_success_rate: 0.75,
  average_cost_usd: 0.1,
  average_active_seconds: 61,
  ...fields,
});

const aTrial = (fields: Partial<TrialAnswer> = {}): TrialAnswer => ({
  number: 4,
  since: at,
  ended_at: null,
  champion: anArm(),
  challenger: anArm({ version: '1.1.0', simulated: true, completed: 45, completion_rate: 0.9, average_cost_usd: null }),
  p_value: 0.00096684,
  verdict: 'better',
  simulated: true,
  ...fields,
});

const aMove = (fields: Partial<AliasMoveAnswer> = {}): AliasMoveAnswer => ({
  alias: 'champion',
  action: 'promote',
  from_version: null,
  to_version: '1.0.0',
  simulated: false,
  actor: { kind: 'user', id: 'ADA' },
  reason: null,
  forced: false,
  at,
  ...fields,
});

let world: Awaited<ReturnType<typeof cliWorld>> | undefined;
afterEach(() => world?.api.close());
const open = async (respond: Responder) => {
  world = await cliWorld(respond);
  return world;
};

it('list prints models with their aliases, and how to get the next page', async () => {
  const { iorch, out, err } = await open(() => ({ body: { items: [aModel()], next_cursor: 'abc' } }));
  expect(await iorch('train', 'model', 'list', '--limit', '1')).toBe(0);
  expect(out().split('\n')).toEqual([
    'NAME   CHALLENGER  CHANGED  ALIASES',
    'coder        20 %     30 s  champion 1.0.0, challenger 1.1.0',
  ]);
  expect(err()).toBe('more: iorch train model list --limit 1 --cursor abc');
});

it('get shows a model, or a version with its comparison side by side', async () => {
  const { iorch, out, api } = await open(({ path }) => ({ body: path.endsWith('1.1.0') ? aVersion() : aModel() }));
  expect(await iorch('train', 'model', 'get', 'coder')).toBe(0);
  expect(out()).toContain('champion 1.0.0, challenger 1.1.0');
  expect(await iorch('train', 'model', 'get', 'coder', '1.1.0')).toBe(0);
  expect(api.seen.map(({ path }) => path)).toEqual([
    '/api/v1/fine-tuning/models/coder',
    '/api/v1/fine-tuning/models/coder/versions/1.1.0',
  ]);
  const shown = out();
  expect(shown).toContain('simulated (simulated: nothing was trained)');
  expect(shown).toContain('mistralai/Mistral-7B-v0.1 (simulated)');
  expect(shown).toMatch(/verdict +not distinguishable \(p 0.2188\)/);
  expect(shown).toMatch(/passed +85 % \(17 of 20\) +65 % \(13 of 20\)/);
  expect(shown).toMatch(/95 % interval +63.96 % to 94.76 % +43.29 % to 81.88 %/);
  expect(shown).toMatch(/likeness of texts +0.5 +0.6/);
  expect(shown).toMatch(/left out +2 agent/);
  expect(shown).toMatch(/sessions +3 of 4 completed, average success 90 %/);
  expect(shown).toContain('1 rule of 2 not held');
  expect(shown).toMatch(/max_eval_loss +unknown +1 +no/);
});

it('says of each alias, and of each move, that its version was only simulated', async () => {
  const model = aModel({ simulated: true, simulated_aliases: ['challenger'] });
  const moves = { items: [aMove({ to_version: '1.1.0', simulated: true }), aMove()] };
  const { iorch, out } = await open(({ path }) => ({ body: path.endsWith('history') ? moves : model }));
  expect(await iorch('train', 'model', 'get', 'coder')).toBe(0);
  expect(out()).toContain('champion 1.0.0, challenger 1.1.0 (simulated)');
  expect(await iorch('train', 'model', 'history', 'coder')).toBe(0);
  expect(out()).toContain('1.1.0 (simulated)  ADA');
});

const UNSERVED = { sessions: 0, completed: 0, average_success_rate: null };

it('versions prints a line per version', async () => {
  const served = aVersion({ version: '1.0.0', simulated: false, evaluation: null, aliases: [], live: UNSERVED });
  const { iorch, out, api } = await open(() => ({ body: { items: [aVersion(), served] } }));
  expect(await iorch('train', 'model', 'versions', 'coder', '--status', 'approved,rejected')).toBe(0);
  expect(api.seen[0]?.query).toEqual({ status: 'approved,rejected' });
  expect(out().split('\n')).toEqual([
    'VERSION  STATUS    ALIASES     PASSED  VERDICT                LIVE   AGE  SERVED AS',
    '1.1.0    rejected  challenger    85 %  not distinguishable  3 of 4  30 s  mistralai/Mistral-7B-v0.1 (simulated)',
    '1.0.0    rejected                   –  –                         –  30 s  nobody',
  ]);
});

it('compare prints champion and challenger side by side, the newest trial or all of them', async () => {
  const earlier = aTrial({ number: 2, ended_at: at, verdict: null, p_value: null, simulated: false });
  const { iorch, out, api } = await open(() => ({ body: { items: [aTrial(), earlier] } }));
  expect(await iorch('train', 'model', 'compare', 'coder')).toBe(0);
  expect(api.seen.map(({ path }) => path)).toEqual(['/api/v1/fine-tuning/models/coder/trials']);
  const shown = out();
  expect(shown).toMatch(/verdict +the challenger is better \(p 0.001\)/);
  expect(shown).toMatch(/until +now/);
  expect(shown).toMatch(/simulated +a base model stood in/);
  expect(shown).toMatch(/version +1.1.0 \(simulated\) +1.0.0/);
  expect(shown).toMatch(/completion rate +90 % +60 %/);
  expect(shown).toMatch(/95 % interval +46.2 % to 72.4 %/);
  expect(shown).toMatch(/average cost +unknown +\$0.10/);
  expect(shown).toMatch(/average work +1 min 01 s +1 min 01 s/);
  expect(await iorch('train', 'model', 'compare', 'coder', '--all')).toBe(0);
  expect(out()).toMatch(/verdict +none yet: one of the two has no session that counts/);
  expect(await iorch('train', 'model', 'compare', 'coder', '--json')).toBe(0);
});

it('compare says how to begin when nothing was compared yet', async () => {
  const { iorch, out } = await open(() => ({ body: { items: [] } }));
  expect(await iorch('train', 'model', 'compare', 'coder')).toBe(0);
  expect(out()).toContain('iorch train model challenge coder --percent 20');
});

it('history prints who moved what, and why', async () => {
  const back = aMove({ action: 'rollback', from_version: '1.1.0', reason: 'slow', actor: { kind: 'system' } });
  const { iorch, out } = await open(() => ({ body: { items: [back, aMove({ forced: true })] } }));
  expect(await iorch('train', 'model', 'history', 'coder')).toBe(0);
  expect(out().split('\n').slice(1)).toEqual([
    `${at}  champion  1.1.0  1.0.0  system  rolled back (slow)`,
    `${at}  champion  –      1.0.0  ADA     promoted by force`,
  ]);
});

it('promote, rollback, archive and challenge send what was said', async () => {
  const { iorch, api } = await open(({ path }) => ({ body: path.endsWith('archive') ? aVersion() : aModel() }));
  const promote = ['train', 'model', 'promote', 'coder', '1.1.0', '--force', '--reason', 'known', '--expect', '1.0.0'];
  expect(await iorch(...promote, '--served-as', 'acme/new', '--alias', 'stable')).toBe(0);
  expect(await iorch('train', 'model', 'rollback', 'coder', '--reason', 'slow')).toBe(0);
  expect(await iorch('train', 'model', 'archive', 'coder', '1.1.0')).toBe(0);
  expect(await iorch('train', 'model', 'challenge', 'coder', '--percent', '20')).toBe(0);
  expect(
    api.seen.map(({ method, path, body }) => [method, path.replace('/api/v1/fine-tuning/models', ''), body]),
  ).toEqual([
    [
      'POST',
      '/coder/promote',
      {
        version: '1.1.0',
        alias: 'stable',
        force: true,
        reason: 'known',
        serving_model_identifier: 'acme/new',
        expected_version: '1.0.0',
      },
    ],
    ['POST', '/coder/rollback', { reason: 'slow' }],
    ['POST', '/coder/versions/1.1.0/archive', {}],
    ['PATCH', '/coder', { challenger_percent: 20 }],
  ]);
});

it('challenge refuses a share that there is not', async () => {
  const { iorch, api } = await open(() => ({ body: aModel() }));
  expect(await iorch('train', 'model', 'challenge', 'coder', '--percent', '51')).toBe(2);
  expect(api.seen).toEqual([]);
});

it('--json prints the answer for programs', async () => {
  const { iorch, out } = await open(() => ({ body: aModel() }));
  expect(await iorch('train', 'model', 'get', 'coder', '--json')).toBe(0);
  expect(JSON.parse(out())).toEqual(aModel());
});

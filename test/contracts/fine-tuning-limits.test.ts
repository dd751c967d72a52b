import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { CreateDatasetRequest, ListDatasetItemsQuery, ListDatasetsQuery } from '#contracts/dataset';
import { ListModelsQuery, PromoteModelRequest, RollbackModelRequest, UpdateModelRequest } from '#contracts/model';
import { CancelTrainingJobRequest, CreateTrainingJobRequest, ListTrainingJobsQuery } from '#contracts/training-job';

/** A field by its steps, what it takes at its limits, what lies just beyond them, and what it is when nobody says. */
type Field = readonly [path: string, taken: readonly unknown[], refused: readonly unknown[], byDefault?: unknown];

const x = (count: number) => 'x'.repeat(count);
const ID = '01JD8X5YB2M0Q4V6T8W1Z3C5E7';
const some = (count: number, value: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => value(index));
const NOT_A_NUMBER = ['1', null, Number.NaN];
const whole = (path: string, min: number, max: number, byDefault?: unknown): Field => [
  path,
  [min, max],
  [min - 1, max + 1, min + 0.5, ...NOT_A_NUMBER],
  byDefault,
];
const TINY = 1e-9;
const real = (path: string, min: number, max: number, byDefault?: unknown): Field => [
  path,
  [min, max, (min + max) / 2],
  [min - TINY, max + TINY, ...NOT_A_NUMBER],
  byDefault,
];
const orNull = ([path, taken, refused]: Field): Field => [
  path,
  [...taken, null],
  refused.filter((value) => value !== null),
  null,
];
const flag = (path: string, byDefault?: unknown): Field => [path, [true, false], ['true', 1, null], byDefault];
const oneOf = (path: string, values: readonly unknown[], byDefault?: unknown): Field => [
  path,
  values,
  ['other', '', null],
  byDefault,
];
const SERVED: Field = [
  '',
  ['a/b', 'acme/coder-{version}', `a/${x(198)}`, null],
  ['a', '/b', 'a b/c', `a/${x(199)}`],
  null,
];
const at = (path: string, [, ...rest]: Field): Field => [path, ...rest];

const put = (base: object, steps: readonly string[], value: unknown): object => {
  const [step = '', ...rest] = steps;
  const inner = (base as Record<string, object>)[step] ?? {};
  return { ...base, [step]: rest.length === 0 ? value : put(inner, rest, value) };
};
const valueAt = (parsed: unknown, steps: readonly string[]) =>
  steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], parsed);

const brief = (value: unknown) => (JSON.stringify(value) ?? String(value)).slice(0, 60);

const checks = (schema: z.ZodType, base: object, fields: readonly Field[]) => {
  const named = fields.map(([path, taken, refused, byDefault]) => ({ path, taken, refused, byDefault }));
  it.each(named)('$path takes its limits and nothing beyond', ({ path, taken, refused, byDefault }) => {
    const steps = path.split('.');
    for (const value of taken) {
      const parsed = schema.safeParse(put(base, steps, value));
      expect([brief(value), parsed.error?.issues ?? []]).toEqual([brief(value), []]);
    }
    for (const value of refused) {
      const issues = schema.safeParse(put(base, steps, value)).error?.issues ?? [];
      const places = issues.map((issue) => issue.path.join('.'));
      expect([brief(value), places.some((place) => place.startsWith(path))]).toEqual([brief(value), true]);
    }
    if (byDefault !== undefined) expect(valueAt(schema.parse(base), steps)).toEqual(byDefault);
  });

  it('has no field that nobody knows', () => {
    expect(schema.safeParse({ ...base, colour: 'red' }).error?.issues[0]).toMatchObject({ code: 'unrecognized_keys' });
  });
};

describe('the request for a dataset', () => {
  const list = (path: string, value: (index: number) => unknown, bad: unknown): Field => [
    path,
    [some(1, value), some(20, value)],
    [[], some(21, value), [bad], 'x'],
  ];
  checks(CreateDatasetRequest, { name: 'n' }, [
    ['name', ['x', x(100)], ['', x(101), 1, 'a\0b']],
    ['description', ['', x(1000), null], [x(1001), 1], null],
    real('filters.min_success_rate', 0, 1, 0.9),
    list('filters.session_types', () => 'execution', 'other'),
    list('filters.tags', (index) => `t${index}`, x(51)),
    list('filters.agent_ids', () => ID, 'short'),
    list('filters.model_identifiers', (index) => `a/m${index}`, x(201)),
    [
      'filters.success_sources',
      [['verification'], ['verification', 'person', 'tasks', 'agent']],
      [[], ['rumour']],
      ['verification', 'person'],
    ],
    ['filters.created_from', ['2026-05-01T00:00:00Z', '2026-05-01T02:00:00+02:00'], ['yesterday', 0, '2026-13-01']],
    ['filters.created_to', ['2026-05-01T00:00:00Z'], ['', null]],
    flag('filters.include_partial', false),
    whole('filters.limit', 1, 10_000, 1000),
    real('split.eval_fraction', 0, 0.5, 0.1),
    whole('split.seed', 0, 4_294_967_295, 0),
  ]);
});

describe('the request for a training job', () => {
  const job = { base_model: 'acme/base', target_model_name: 'coder' };
  checks(CreateTrainingJobRequest, job, [
    ['base_model', ['x', x(200)], ['', x(201), null]],
    ['target_model_name', ['x', '0', x(100), 'A.b_c-d'], ['', '-x', '.x', x(101), 'a b', 'a/b', 'ä']],
    [
      'version',
      ['1.0.0', '0.0.0', `1.2.3-${x(40)}`, '1.2.3-rc.1'],
      ['1.0', '01.0.0', '1.0.0-', `1.0.0-${x(41)}`, 'v1.0.0', '1.0.0+b'],
    ],
    oneOf('bump', ['major', 'minor', 'patch']),
    ['dataset_id', [ID, ID.toLowerCase(), null], ['short', 1]],
    oneOf('provider', ['sagemaker', 'simulated']),
    flag('auto_start', false),
    ['metadata', [{}, { a: x(16 * 1024 - 8) }], [{ a: x(16 * 1024 - 7) }, [], null], {}],
  ]);
});

describe('the parameters of a training', () => {
  const MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];
  const job = { base_model: 'acme/base', target_model_name: 'coder' };
  checks(CreateTrainingJobRequest, job, [
    oneOf('parameters.method', ['lora', 'qlora'], 'lora'),
    whole('parameters.epochs', 1, 20, 3),
    ['parameters.learning_rate', [1e-7, 1e-2], [9.9e-8, 1.01e-2, 0, ...NOT_A_NUMBER], 5e-5],
    whole('parameters.batch_size', 1, 128, 4),
    whole('parameters.gradient_accumulation_steps', 1, 64, 1),
    whole('parameters.lora_rank', 1, 256, 8),
    whole('parameters.lora_alpha', 1, 512, 16),
    real('parameters.lora_dropout', 0, 0.5, 0.05),
    [
      'parameters.target_modules',
      [['down_proj'], MODULES],
      [[], [...MODULES, 'q_proj'], ['q_proj', 'q_proj'], ['lm_head']],
      ['q_proj', 'v_proj'],
    ],
    whole('parameters.max_sequence_length', 128, 32_768, 2048),
    real('parameters.warmup_ratio', 0, 0.5, 0.03),
    real('parameters.weight_decay', 0, 0.3, 0),
    oneOf('parameters.lr_scheduler', ['linear', 'cosine', 'constant'], 'cosine'),
    ['parameters.quantization_bits', [], [4, 8, null]],
    whole('parameters.seed', 0, 4_294_967_295, 42),
  ]);
  describe('with qlora', () =>
    checks(CreateTrainingJobRequest, { ...job, parameters: { method: 'qlora' } }, [
      ['parameters.quantization_bits', [4, 8], [2, 16, '4', null]],
    ]));
});

describe('the machines of a training', () => {
  const job = { base_model: 'acme/base', target_model_name: 'coder' };
  checks(CreateTrainingJobRequest, job, [
    ['compute.instance_type', ['ml.p5.48xlarge', x(50)], ['', x(51)], 'ml.g5.2xlarge'],
    whole('compute.instance_count', 1, 8, 1),
    flag('compute.use_spot', true),
    whole('compute.max_runtime_seconds', 600, 432_000, 14_400),
    ['compute.max_wait_seconds', [14_400, 864_000], [14_399, 0, 14_400.5, ...NOT_A_NUMBER]],
  ]);
});

describe('the simulation of a training', () => {
  const job = { base_model: 'acme/base', target_model_name: 'coder', provider: 'simulated', simulation: {} };
  checks(CreateTrainingJobRequest, job, [
    whole('simulation.queue_seconds', 0, 60, 5),
    orNull(whole('simulation.train_seconds', 1, 3600)),
    orNull(real('simulation.fail_at_progress', 0, 1)),
    [
      'simulation.fail_code',
      ['A', `A${'9'.repeat(49)}`],
      ['', 'lower', `A${'9'.repeat(50)}`, null],
      'SIMULATED_FAILURE',
    ],
    real('simulation.quality_shift', -1, 1, 0),
  ]);

  it('is none of a training on SageMaker', () => {
    const { error } = CreateTrainingJobRequest.safeParse({ ...job, provider: 'sagemaker' });
    expect(error?.issues).toMatchObject([{ path: ['simulation'] }]);
  });
});

describe('the gate of a training', () => {
  checks(CreateTrainingJobRequest, { base_model: 'acme/base', target_model_name: 'coder' }, [
    flag('gate.enabled', true),
    whole('gate.replay_items', 0, 200, 20),
    real('gate.replay_max_cost_usd', 0.01, 100, 0.5),
    at('gate.serving_model_identifier', SERVED),
    at('gate.baseline_model_identifier', SERVED),
    whole('gate.min_eval_samples', 1, 10_000, 10),
    flag('gate.require_better', false),
    real('gate.min_improvement', -1, 1, 0),
    real('gate.max_text_regression', 0, 1, 0.05),
    real('gate.max_loss_regression', 0, 10, 0.02),
    orNull(real('gate.min_pass_rate', 0, 1)),
    orNull(real('gate.max_eval_loss', 0, 100)),
    orNull(real('gate.min_accuracy', 0, 1)),
    flag('gate.auto_promote', false),
  ]);
});

describe('what is said about a model', () => {
  describe('in a promotion', () =>
    checks(PromoteModelRequest, { version: '1.0.0' }, [
      ['version', ['1.0.0', '1.0.0-rc.1'], ['1', '', null]],
      ['alias', ['a', 'challenger', `a${'_'.repeat(29)}`], ['', 'A', '1a', '-a', `a${'_'.repeat(30)}`], 'champion'],
      ['reason', ['x', x(500)], ['', x(501)]],
      ['expected_version', ['1.0.0', null], ['one']],
      ['serving_model_identifier', ['a/b', `a/${x(198)}`], ['a', 'registry/coder', `a/${x(199)}`, null]],
    ]));
  describe('in a rollback', () =>
    checks(RollbackModelRequest, {}, [
      ['alias', ['a'], ['A'], 'champion'],
      ['reason', ['x', x(500)], ['', x(501)]],
    ]));
  describe('in a change', () =>
    checks(UpdateModelRequest, {}, [
      ['description', ['', x(1000), null], [x(1001)]],
      whole('challenger_percent', 0, 50),
    ]));

  it('has a reason wherever the gate is overridden', () => {
    const forced = { version: '1.0.0', force: true };
    expect(PromoteModelRequest.safeParse(forced).error?.issues).toMatchObject([{ path: ['reason'] }]);
    expect(PromoteModelRequest.safeParse({ ...forced, reason: 'known' }).success).toBe(true);
  });
});

describe('the reason of a cancel', () =>
  checks(CancelTrainingJobRequest, {}, [['reason', ['', x(500)], [x(501), null]]]));

describe('a list', () => {
  const page = (max: number, byDefault: number): Field => [
    'limit',
    ['1', String(max)],
    ['0', String(max + 1), '1.5', 'x'],
    byDefault,
  ];
  const JOB_STATUSES = 'pending,queued,running,evaluating,completed,failed,cancelled';
  describe('of datasets', () =>
    checks(ListDatasetsQuery, {}, [
      page(100, 20),
      ['status', ['ready', 'building,ready,empty,failed,deleted'], ['gone', 'ready,']],
    ]));
  describe('of samples', () =>
    checks(ListDatasetItemsQuery, {}, [page(20, 20), oneOf('part', ['train', 'eval'], 'train')]));
  describe('of training jobs', () =>
    checks(ListTrainingJobsQuery, {}, [
      page(100, 20),
      ['status', ['queued', JOB_STATUSES], ['done']],
      ['base_model', ['a/b', 'a/b,c/d'], ['', x(201)]],
      ['target_model_name', ['coder', 'coder,other'], ['-x']],
      ['provider', ['simulated', 'sagemaker,simulated'], ['other']],
    ]));
  describe('of models', () => checks(ListModelsQuery, {}, [page(100, 20)]));
});

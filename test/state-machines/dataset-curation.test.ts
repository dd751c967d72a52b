import { readFileSync } from 'node:fs';
import path from 'node:path';
import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  BuildAnswer,
  CurationFailureInput,
  CurationInput,
  CurationStepName,
  EndedCuration,
  SliceAnswer,
} from '#contracts/curation-workflow';
import { buildAnswer } from '#functions/workflow/build-answer';
import { functions } from '#lib/functions';
import { edgesOf, readMachine, type State } from '#test/support/asl-runner/definition';
import { answers, hangs, play, type Script, throws } from '#test/support/asl-runner/play';
import type { History } from '#test/support/asl-runner/run-machine';
import type { Call } from '#test/support/asl-runner/run-task';
import { aCuration, goodSession } from '#test/support/curation-world';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const text = read('state-machines/dataset-curation.asl.json');
const page = read('state-machines/dataset-curation.md');
const machine = readMachine(text);
const input = { tenant_id: 'T', dataset_id: 'D', run: 2 };

interface Scenario {
  readonly name: string;
  readonly script: Script;
  readonly ends: Partial<History>;
  /** The states that follow `Accept Dataset`, up to the last. */
  readonly passes: readonly string[];
}

const built = (status: BuildAnswer['status'], error = '', cause = '') => answers({ status, error, cause });
const broken = built('failed', 'DATASET_BUILD_FAILED', 'the build failed: Busy');
const plain: Script = {
  'Curate Slice': answers({ slice: 'read' }),
  'Write Files': built('ready'),
  'Record Failure': broken,
};

const READ = ['Curate Slice', 'Are Sessions Left?'];
const WRITTEN = [...READ, 'Write Files', 'How Did The Build End?'];
const FAILED = ['Record Failure', 'How Did The Build End?', 'Dataset Failed'];
const red = { status: 'FAILED', error: 'DATASET_BUILD_FAILED', cause: 'the build failed: Busy' } as const;

const breaksIn = (state: string, how: string, act: Script[string], passes: readonly string[]): Scenario => ({
  name: `${state} ${how}: the dataset ends with the reason`,
  script: { ...plain, [state]: act },
  ends: red,
  passes: [...passes, ...FAILED],
});

/** One way through the machine each. */
const scenarios: readonly Scenario[] = [
  {
    name: 'one slice reads everything',
    script: plain,
    ends: { status: 'SUCCEEDED', transitions: 6 },
    passes: [...WRITTEN, 'Dataset Ready'],
  },
  {
    name: 'sessions are left twice',
    script: { ...plain, 'Curate Slice': ['more', 'more', 'read'].map((slice) => answers({ slice })) },
    ends: { status: 'SUCCEEDED', transitions: 10 },
    passes: [...READ, ...READ, ...WRITTEN, 'Dataset Ready'],
  },
  {
    name: 'nothing matched',
    script: { ...plain, 'Write Files': built('empty') },
    ends: { status: 'SUCCEEDED' },
    passes: [...WRITTEN, 'Dataset Empty'],
  },
  {
    name: 'the tenant has withdrawn its consent',
    script: {
      ...plain,
      'Curate Slice': answers({ slice: 'settled' }),
      'Write Files': built('failed', 'TRAINING_DATA_DISABLED', 'the tenant does not'),
    },
    ends: { status: 'FAILED', error: 'TRAINING_DATA_DISABLED', cause: 'the tenant does not' },
    passes: [...WRITTEN, 'Dataset Failed'],
  },
  {
    name: 'the dataset is deleted already',
    script: { ...plain, 'Curate Slice': answers({ slice: 'settled' }), 'Write Files': built('deleted') },
    ends: { status: 'SUCCEEDED' },
    passes: [...WRITTEN, 'Settled Elsewhere'],
  },
  {
    name: 'a later execution builds it',
    script: { ...plain, 'Curate Slice': answers({ slice: 'settled' }), 'Write Files': built('building') },
    ends: { status: 'SUCCEEDED' },
    passes: [...WRITTEN, 'Settled Elsewhere'],
  },
  {
    name: 'every function fails a few times',
    script: {
      'Curate Slice': [throws('ConcurrentUpdate'), hangs, answers({ slice: 'read' })],
      'Write Files': [throws('Lambda.Unknown'), built('ready')],
    },
    ends: { status: 'SUCCEEDED', transitions: 9 },
    passes: [...WRITTEN, 'Dataset Ready'],
  },
  breaksIn('Curate Slice', 'always fails', throws('Busy'), ['Curate Slice']),
  breaksIn('Curate Slice', 'always hangs', hangs, ['Curate Slice']),
  breaksIn('Curate Slice', 'answers without saying what', answers({}), ['Curate Slice']),
  breaksIn('Write Files', 'always fails', throws('Busy'), [...READ, 'Write Files']),
  {
    name: 'a broken execution finds the dataset ready',
    script: { ...plain, 'Write Files': throws('Busy'), 'Record Failure': built('ready') },
    ends: { status: 'SUCCEEDED' },
    passes: [...READ, 'Write Files', 'Record Failure', 'How Did The Build End?', 'Dataset Ready'],
  },
  {
    name: 'the table cannot be written for a minute',
    script: { ...plain, 'Curate Slice': throws('Busy'), 'Record Failure': throws('Busy') },
    ends: { status: 'FAILED', error: 'FailureNotRecorded' },
    passes: ['Curate Slice', 'Record Failure', 'Failure Not Recorded'],
  },
];

const states = Object.entries(machine.States);

describe('the state machine of a dataset', () => {
  it('is valid', () => {
    const withArns = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:step');
    const { isValid, errorsText } = validator(JSON.parse(withArns));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it.each(scenarios)('goes its way when $name', async ({ script, ends, passes }) => {
    const history = await play(machine, script, input);
    expect(history.entered.map(({ state }) => state)).toEqual(['Accept Dataset', ...passes]);
    expect(history).toMatchObject(ends);
  });

  it('is known on every way that it can take', async () => {
    const walked = await Promise.all(scenarios.map(({ script }) => play(machine, script, input)));
    const known = new Set(walked.flatMap(({ edges }) => edges));
    expect(edgesOf(machine).filter((edge) => !known.has(edge))).toEqual([]);
  });

  it('builds a dataset with the functions of the product', async () => {
    const world = await aCuration(Array.from({ length: 12 }, (_, index) => goodSession(index)));
    const { id } = await world.create();
    const script: Script = {
      'Curate Slice': async () => ({ slice: await world.curateSlice({ datasetId: id }) }),
      'Write Files': async () => buildAnswer(await world.writeFiles({ datasetId: id })),
    };
    const history = await play(machine, script, { tenant_id: 'A', dataset_id: id, run: 1 });
    expect(history).toMatchObject({ status: 'SUCCEEDED', transitions: 6 });
    expect(history.entered.at(-1)?.state).toBe('Dataset Ready');
    expect(await world.store.getDataset(id)).toMatchObject({ status: 'ready', counts: { samples: 12 } });
  });

  it('ends the dataset with the reason when a function breaks for good', async () => {
    const world = await aCuration([goodSession(1)]);
    const { id } = await world.create();
    const script: Script = {
      'Curate Slice': throws('AccessDenied'),
      'Record Failure': async ({ payload }: Call) =>
        buildAnswer(
          await world.failDataset({
            datasetId: id,
            failure: CurationFailureInput.parse(payload).failure,
          }),
        ),
    };
    const history = await play(machine, script, { tenant_id: 'A', dataset_id: id, run: 1 });
    expect(history).toMatchObject({ status: 'FAILED', error: 'DATASET_BUILD_FAILED' });
    const { status, error } = await world.store.getDataset(id);
    expect({ status, message: error?.message }).toEqual({
      status: 'failed',
      message: 'the build failed: Curate Slice: AccessDenied: it broke',
    });
  });
});

/** What each step function reads and what it answers. */
const steps: Readonly<Record<string, { reads: z.ZodObject; answers: z.ZodObject }>> = {
  'curate-slice': { reads: CurationInput, answers: SliceAnswer },
  'write-dataset-files': { reads: CurationInput, answers: BuildAnswer },
  'fail-dataset': { reads: CurationFailureInput, answers: BuildAnswer },
};

const tasks = states.flatMap(([name, state]: [string, State]) => {
  const { step = '', ...payload } =
    (state.Arguments as { Payload?: Record<string, string> } | undefined)?.Payload ?? {};
  return state.Type === 'Task' ? [{ name, state, step, payload }] : [];
});

describe('the functions of the state machine', () => {
  it.each(Object.entries(steps))('%s reads what its contract says', async (step, { reads }) => {
    const { handler } = await import(path.join(root, functions['curation-step'].entry));
    const refusal = await handler({ step }).catch((error: unknown) => error);
    const issues = (refusal as z.ZodError).issues.map(({ path: at }) => at.join('.'));
    // the states of an execution that an earlier version began pass no run
    expect([...issues, 'run'].sort()).toEqual(Object.keys(reads.shape).sort());
  });

  it.each(tasks)('"$name" passes what its step reads, and uses nothing that it does not answer', (task) => {
    const { state, step, payload } = task;
    expect(Object.keys(payload).sort()).toEqual(Object.keys(steps[step]?.reads.shape ?? {}).sort());
    const used = [...JSON.stringify(state).matchAll(/\$states\.result\.Payload\.(\w+)/g)].map(([, key]) => key);
    expect(used.sort()).toEqual(Object.keys(steps[step]?.answers.shape ?? {}).sort());
  });

  it('and the end of an execution are all that the function knows', async () => {
    expect([...tasks.map(({ step }) => step), 'end-curation'].sort()).toEqual(
      CurationStepName.shape.step.options.toSorted(),
    );
    const { run, ...old } = input;
    const endOf = (ended: object) => ({
      step: 'end-curation',
      detail: { status: 'ABORTED', input: JSON.stringify(ended) },
    });
    expect(EndedCuration.parse(endOf(input)).detail).toEqual({ status: 'ABORTED', input });
    expect(EndedCuration.parse(endOf(old)).detail.input).toEqual({ ...old, run: 1 });
    expect(EndedCuration.safeParse({ detail: { status: 'ABORTED', input: '{' } }).success).toBe(false);
  });

  it('are compared only with words that they can answer', () => {
    const words = { slice: SliceAnswer.shape.slice.options, status: BuildAnswer.shape.status.options };
    const compared = states.flatMap(([, { Choices = [] }]) =>
      Choices.flatMap(({ Condition }) => [...Condition.matchAll(/\$(\w+) = '(\w+)'/g)]),
    );
    expect(compared.length).toBe(4);
    for (const [, variable, word] of compared) expect(words[variable as keyof typeof words]).toContain(word);
  });
});

describe('the page beside the state machine', () => {
  const rowsOf = (head: string) => {
    const [, table = ''] = page.split(`| ${head} |`);
    const [rows = ''] = table.split('\n\n');
    return rows.split('\n').flatMap((row) => /^\| ([^-|][^|]*?) \|/.exec(row)?.[1] ?? []);
  };

  it('explains every state, every end and every error', () => {
    expect([...rowsOf('state')].sort()).toEqual(Object.keys(machine.States).sort());
    const ends = states.filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail');
    for (const [name] of ends) expect(page).toContain(`**${name}**`);
    for (const code of ['DATASET_BUILD_FAILED', 'EXECUTION_LOST', 'TRAINING_DATA_DISABLED', 'FailureNotRecorded'])
      expect(rowsOf('error').join()).toContain(`\`${code}\``);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import validator from 'asl-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  EvaluationJudgedAnswer,
  JobStepInput,
  JobTokenInput,
  ProviderStepName,
  SettledAnswer,
  SettleInput,
  TrainingJudgedAnswer,
  TrainingStepName,
} from '#contracts/training-workflow';
import { edgesOf, readMachine } from '#test/support/asl-runner/definition';
import { play, type Script } from '#test/support/asl-runner/play';
import type { Call } from '#test/support/asl-runner/run-task';
import { scenarios } from './fine-tuning-scenarios.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const text = read('state-machines/fine-tuning.asl.json');
const page = read('state-machines/fine-tuning.md');
const machine = readMachine(text);
const input = { tenant_id: 'T', job_id: 'J', attempt: 2, run: 3 };
const run = (script: Script) => play(machine, script, input);

/** What each step reads and what it answers; one that waits for its token answers nothing. */
const steps: Readonly<Record<string, { reads: z.ZodObject; answers?: z.ZodObject }>> = {
  'curate-dataset': { reads: JobTokenInput },
  'estimate-cost': { reads: JobStepInput },
  'claim-training-slot': { reads: JobTokenInput },
  'train-model': { reads: JobTokenInput },
  'judge-training': { reads: JobStepInput, answers: TrainingJudgedAnswer },
  'evaluate-model': { reads: JobTokenInput },
  'judge-evaluation': { reads: JobStepInput, answers: EvaluationJudgedAnswer },
  'register-model': { reads: JobStepInput },
  'settle-training': { reads: SettleInput, answers: SettledAnswer },
};

describe('an attempt of a training job', () => {
  it.each(scenarios)('goes its way when $name', async ({ script, ends, passes }) => {
    const history = await run(script);
    expect(history.entered.map(({ state }) => state)).toEqual(passes);
    expect(history).toMatchObject(ends);
  });

  it('is known on every way that it can take', async () => {
    const walked = await Promise.all(scenarios.map(({ script }) => run(script)));
    const known = new Set(walked.flatMap(({ edges }) => edges));
    expect(edgesOf(machine).filter((edge) => !known.has(edge))).toEqual([]);
  });
});

describe('the fine-tuning machine', () => {
  const calls: Call[] = [];
  beforeAll(async () => {
    for (const { script } of scenarios) {
      const spied = Object.entries(script).map(([state, acts]) => {
        const spy = [acts].flat().map((act) => (...call: Parameters<typeof act>) => {
          calls.push(call[0]);
          return act(...call);
        });
        return [state, typeof acts === 'function' ? spy[0] : spy] as const;
      });
      await run(Object.fromEntries(spied) as Script);
    }
  });

  it('is valid', () => {
    const withArns = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:step');
    const { isValid, errorsText } = validator(JSON.parse(withArns));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it('passes each step exactly what it reads, also after it was woken for nothing', () => {
    expect(calls.length).toBeGreaterThan(100);
    for (const { payload, state } of calls) {
      const { step, ...rest } = payload as { step: string };
      const { reads } = steps[step] ?? {};
      expect([state, reads === undefined]).toEqual([state, false]);
      z.strictObject(reads?.shape ?? {}).parse(rest);
      expect(rest).toMatchObject(input);
    }
    const used = new Set(calls.map(({ payload }) => (payload as { step: string }).step));
    expect([...used].sort()).toEqual(Object.keys(steps).sort());
  });

  it('asks each function for steps that it has', () => {
    const has = {
      '${TrainingStepFunction}': TrainingStepName.shape.step.options,
      '${TrainingProviderStepFunction}': ProviderStepName.shape.step.options,
    } as Readonly<Record<string, readonly string[]>>;
    for (const { payload, functionName } of calls)
      expect(has[`\${${functionName.replace(/^\$\{|\}$/g, '')}}`]).toContain((payload as { step: string }).step);
  });

  it('tells the last step why it broke', () => {
    const broken = calls.filter(({ state }) => state === 'Record Failure').map(({ payload }) => payload);
    const tried = Object.entries(machine.States).filter(
      ([name, { Type }]) => Type === 'Task' && name !== 'Record Failure',
    );
    for (const [state] of tried) {
      const failure = { state, error: 'Busy', cause: JSON.stringify({ errorType: 'Busy', errorMessage: 'it broke' }) };
      expect(broken).toContainEqual({ ...input, step: 'settle-training', failure });
    }
  });

  it('compares answers only with words that its steps have', () => {
    const words = [...TrainingJudgedAnswer.shape.judged.options, ...EvaluationJudgedAnswer.shape.judged.options];
    const compared = [...text.matchAll(/\$(?:judged|evaluated) = '(\w+)'/g)].map(([, word = '']) => word);
    expect(compared.length).toBe(7);
    for (const word of compared) expect(words).toContain(word);
  });
});

describe('the page beside the machine', () => {
  const rowsOf = (head: string) => {
    const [rows = ''] = (page.split(`| ${head} |`)[1] ?? '').split('\n\n');
    return rows.split('\n').flatMap((row) => /^\| ([^-|][^|]*?) \|/.exec(row)?.[1] ?? []);
  };

  it('explains every state, and no other', () => {
    expect(rowsOf('state').toSorted()).toEqual(Object.keys(machine.States).toSorted());
  });

  it('explains every error that a red execution can carry', () => {
    const files = ['advance', 'deadline', 'dataset-facts', 'recover-job', 'registration', 'simulation'].map(
      (name) => `functions/domain/training-job/${name}.ts`,
    );
    const sources = [...files, 'functions/application/settle-training.ts', 'functions/application/train-model.ts'];
    const codes = sources.flatMap((file) =>
      [...read(file).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code),
    );
    expect(codes).toContain('TRAINING_JOB_LOST');
    const explained = rowsOf('error').join();
    // a job that somebody stopped is cancelled, not red
    for (const code of new Set(codes.filter((one) => one !== 'STOPPED_EXTERNALLY')))
      expect(explained).toContain(`\`${code}\``);
  });
});

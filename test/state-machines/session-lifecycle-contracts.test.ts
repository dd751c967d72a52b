import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AttemptAnswer,
  OutcomeAnswer,
  OutcomeStepInput,
  RecordedAnswer,
  RetryAnswer,
  StepInput,
  TokenStepInput,
} from '#contracts/workflow';
import { type FunctionName, functions } from '#lib/functions';
import { readMachine, type State } from '#test/support/asl-runner/definition';
import { play } from '#test/support/asl-runner/play';
import type { Call } from '#test/support/asl-runner/run-task';
import { scenarios } from './session-lifecycle-scenarios.ts';

/** What each step function reads and what it answers; one that waits for its token answers nothing. */
const steps: Readonly<Record<string, { reads: z.ZodObject; answers?: z.ZodObject }>> = {
  'claim-slot': { reads: TokenStepInput },
  'begin-attempt': { reads: StepInput, answers: AttemptAnswer },
  'run-on-agent': { reads: TokenStepInput },
  'judge-outcome': { reads: StepInput, answers: OutcomeAnswer },
  'schedule-retry': { reads: StepInput, answers: RetryAnswer },
  'record-outcome': { reads: OutcomeStepInput, answers: RecordedAnswer },
};

const root = path.join(import.meta.dirname, '../..');
const machine = readMachine(readFileSync(path.join(root, 'state-machines/session-lifecycle.asl.json'), 'utf8'));

/** `${ClaimSlotFunction}` means the function claim-slot. */
const functionOf = (token: string) =>
  token
    .replace(/^\$\{|Function\}?$/g, '')
    .replace(/(?<=.)[A-Z]/g, '-$&')
    .toLowerCase();
const nameOf = ({ Arguments }: State) => functionOf(Arguments?.FunctionName ?? '');

const states = Object.entries(machine.States);
const tasks = states.flatMap(([name, state]) => (state.Type === 'Task' ? [{ name, state, step: nameOf(state) }] : []));

const calls: Call[] = [];
const given: { readonly state: string; readonly answer: unknown }[] = [];
beforeAll(async () => {
  for (const { script } of scenarios) {
    const spied = Object.entries(script).map(([state, acts]) => {
      const spy = [acts].flat().map((act) => (...call: Parameters<typeof act>) => {
        calls.push(call[0]);
        const answer = act(...call);
        if (!(answer instanceof Promise)) given.push({ state, answer });
        return answer;
      });
      return [state, typeof acts === 'function' ? spy[0] : spy] as const;
    });
    await play(machine, Object.fromEntries(spied) as typeof script, { tenant_id: 'T', session_id: 'S', run: 1 });
  }
});

describe('the functions of the state machine', () => {
  it.each(Object.entries(steps))('%s reads what its contract says', async (name, { reads }) => {
    const { handler } = await import(path.join(root, functions[name as FunctionName].entry));
    const refusal = await handler({}).catch((error: unknown) => error);
    const required = Object.entries(reads.shape).flatMap(([key, field]) =>
      z.safeParse(field as z.ZodType, undefined).success ? [] : [key],
    );
    expect((refusal as z.ZodError).issues.map(({ path: at }) => at.join('.')).sort()).toEqual(required.sort());
  });

  it.each(tasks)('"$name" passes exactly what its function reads', ({ name, state, step }) => {
    const optional = name === 'Record Failure' ? [] : ['failure'];
    const read = Object.keys(steps[step]?.reads.shape ?? {}).filter((key) => !optional.includes(key));
    expect(Object.keys(state.Arguments?.Payload ?? {}).sort()).toEqual(read.sort());
    const seen = calls.filter((call) => call.state === name);
    expect(seen.length).toBeGreaterThan(0);
    for (const { payload, functionName } of seen) {
      expect(functionOf(functionName)).toBe(step);
      z.strictObject(steps[step]?.reads.shape ?? {}).parse(payload);
    }
  });

  it.each(tasks)('"$name" uses nothing that its function does not answer', ({ state, step }) => {
    const read = [...JSON.stringify(state).matchAll(/\$states\.result(?:\.Payload\.(\w+))?/g)].map(([, key]) => key);
    const answered = Object.keys(steps[step]?.answers?.shape ?? {});
    expect(read.filter((key) => key === undefined || !answered.includes(key))).toEqual([]);
  });

  it('answer in every scenario as they could in earnest', () => {
    const checked = given.flatMap(({ state, answer }) => {
      const answers = tasks.find(({ name }) => name === state && steps[nameOf(machine.States[name] as State)]?.answers);
      return answers && Object.keys(answer as object).length > 0 ? [{ step: answers.step, answer }] : [];
    });
    expect(checked.length).toBeGreaterThan(20);
    for (const { step, answer } of checked) steps[step]?.answers?.strict().parse(answer);
  });

  it('are compared only with words that they can answer', () => {
    const wordsOf = new Map(
      tasks.flatMap(({ state, step }) =>
        Object.entries((state.Assign ?? {}) as Record<string, string>).flatMap(([variable, expression]) => {
          const key = /^\{% \$states\.result\.Payload\.(\w+) %\}$/.exec(expression)?.[1] ?? '';
          const field = steps[step]?.answers?.shape[key];
          return field instanceof z.ZodEnum ? [[variable, field.options] as const] : [];
        }),
      ),
    );
    const compared = states.flatMap(([, { Choices = [] }]) =>
      Choices.flatMap(({ Condition }) => [...Condition.matchAll(/\$(\w+) = '(\w+)'/g)]),
    );
    expect(compared.length).toBeGreaterThanOrEqual(4);
    for (const [, variable = '', word] of compared) expect(wordsOf.get(variable)).toContain(word);
  });
});

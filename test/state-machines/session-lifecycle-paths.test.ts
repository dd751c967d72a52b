import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { edgesOf, readMachine } from '#test/support/asl-runner/definition';
import { play, type Script } from '#test/support/asl-runner/play';
import type { Call } from '#test/support/asl-runner/run-task';
import { scenarios } from './session-lifecycle-scenarios.ts';

const file = path.join(import.meta.dirname, '../../state-machines/session-lifecycle.asl.json');
const machine = readMachine(readFileSync(file, 'utf8'));

const input = { tenant_id: 'T', session_id: 'S', run: 1 };
const run = (script: Script) => play(machine, script, input);

describe('a run of a session', () => {
  it.each(scenarios)('goes its way when $name', async ({ script, ends, passes }) => {
    const history = await run(script);
    expect(history.entered.map(({ state }) => state)).toEqual(['Accept Session', 'Claim Slot', ...passes]);
    expect(history).toMatchObject(ends);
  });

  it('is known on every way that it can take', async () => {
    const walked = await Promise.all(scenarios.map(({ script }) => run(script)));
    const known = new Set(walked.flatMap(({ edges }) => edges));
    expect(edgesOf(machine).filter((edge) => !known.has(edge))).toEqual([]);
  });

  it('tells its functions whose session it drives, and the last one why it broke', async () => {
    const calls: Call[] = [];
    const broken = scenarios.find(({ name }) => name.startsWith('Judge Outcome always fails'));
    const spied = Object.entries(broken?.script ?? {}).map(([state, act]) => [
      state,
      (...given: [Call, never]) => {
        calls.push(given[0]);
        return [act].flat()[0]?.(...given);
      },
    ]);
    await run(Object.fromEntries(spied));
    for (const { payload } of calls) expect(payload).toMatchObject(input);
    expect(calls.at(-1)?.payload).toEqual({ ...input, failure: 'Busy' });
  });
});

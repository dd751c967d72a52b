/** `npm run check`: everything a change must pass without a cloud, as many steps at a time as there are cores. Ends at the first failure. */

import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

/** Cheap to dear, except that the tests, which use every core, begin early. */
const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'unit tests', command: ['vitest', 'run', '--project', 'unit', '--project', 'entries'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'architecture', command: ['vitest', 'run', '--project', 'architecture'] },
  { name: 'synth', command: ['cdk', 'synth', '--quiet'] },
];

const programs = join(import.meta.dirname, '..', 'node_modules', '.bin');
const env = {
  ...process.env,
  PATH: [programs, process.env['PATH']].join(delimiter),
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const waiting = [...steps];
const underWay = new Set<ChildProcess>();
let failed = false;

/** Runs one step silently; what it printed is shown only when it failed. */
const run = async ({ name, command: [program, ...args] }: Step): Promise<void> => {
  const since = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  underWay.add(child);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status) => resolve(status === 0 ? undefined : ''));
  });
  const [stdout, stderr, failure] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  underWay.delete(child);
  // what was ended because another step failed has nothing to say
  if (failed) return;
  if (failure !== undefined) process.stdout.write(`${stdout}${stderr}${failure && `${failure}\n`}`);
  console.log(`${failure === undefined ? '✔' : '✘'} ${name.padEnd(16)} ${seconds(since).padStart(8)}`);
  if (failure === undefined) return;
  failed = true;
  for (const other of underWay) other.kill();
};

/** Takes one step after the other until none is left or one has failed. */
const lane = async (): Promise<void> => {
  for (let step = waiting.shift(); step && !failed; step = waiting.shift()) await run(step);
};

const since = performance.now();
await Promise.all(Array.from({ length: availableParallelism() }, lane));
console.log(
  failed
    ? 'npm run fix mends format and simple lint; run the named step again alone.'
    : `all passed in ${seconds(since)}`,
);
process.exitCode = failed ? 1 : 0;

/** `npm run check`: everything a change must pass without a cloud, cheap to dear. Stops at the first failure. */

import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'unit tests', command: ['vitest', 'run', '--project', 'unit'] },
  { name: 'architecture', command: ['vitest', 'run', '--project', 'architecture'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'synth', command: ['cdk', 'synth', '--quiet'] },
];

const programs = join(import.meta.dirname, '..', 'node_modules', '.bin');
const env = {
  ...process.env,
  PATH: [programs, process.env['PATH']].join(delimiter),
  CDK_DISABLE_CLI_TELEMETRY: 'true',
};

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs one step silently; what it printed is shown only when it failed. */
const passes = ({ name, command: [program, ...args] }: Step): boolean => {
  const since = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env,
  });
  const passed = status === 0;
  if (!passed) process.stdout.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  console.log(`${passed ? '✔' : '✘'} ${name.padEnd(16)} ${seconds(since).padStart(8)}`);
  return passed;
};

const since = performance.now();
const passed = steps.every(passes);
console.log(
  passed
    ? `all passed in ${seconds(since)}`
    : 'npm run fix mends format and simple lint; run the named step again alone.',
);
process.exitCode = passed ? 0 : 1;

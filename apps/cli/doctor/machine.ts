import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the checks need to know of the machine they run on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly platform: string;
  /** What a program prints. Rejects when it is missing, fails, or takes longer than 20 s. */
  readonly output: (command: string, args: readonly string[]) => Promise<string>;
}

const execute = promisify(execFile);
const timeout = 20_000;

/** This machine. */
export const thisMachine = (env: Machine['env']): Machine => ({
  env,
  nodeVersion: process.versions.node,
  platform: process.platform,
  output: async (command, args) => (await execute(command, [...args], { timeout, env: { ...env } })).stdout.trim(),
});

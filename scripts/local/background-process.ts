import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Problem } from './problem.mjs';
import { identify, type ProcessIdentity } from './process-identity.ts';

type BackgroundProcess = {
  command: string;
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Receives both outputs; what an earlier process wrote is kept beside it as `.previous`. */
  log: string;
};

/** Starts a process in a group of its own that outlives this one. Throws a Problem when it cannot be started. */
export const startInBackground = async ({
  command,
  args,
  env,
  cwd,
  log,
}: BackgroundProcess): Promise<ProcessIdentity> => {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  if (existsSync(log)) renameSync(log, `${log}.previous`);
  const output = openSync(log, 'a', 0o600);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  }).catch((error: Error) => {
    throw new Problem(`${basename(command)} cannot be started: ${error.message}`, { cause: error });
  });
  child.unref();
  const identity = child.pid && identify(child.pid);
  if (!identity) throw new Problem(`${basename(command)} ended as soon as it was started; its output is in ${log}.`);
  return identity;
};

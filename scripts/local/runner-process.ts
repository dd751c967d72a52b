import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { endAbandoned } from './abandoned-processes.ts';
import { startInBackground } from './background-process.ts';
import { type CloudFolder, makePrivateFolder, projectRoot } from './cloud-folder.ts';
import { readJson, writePrivateJson } from './private-file.ts';
import { Problem } from './problem.mjs';
import { endProcessGroup, isAlive, ProcessIdentity } from './process-identity.ts';
import { tail } from './run-program.mjs';

export const runnerName = 'LOCAL-RUNNER';

const readyTimeoutMs = 60_000;
const graceMs = 15_000;
const abandonedGraceMs = 2_000;

/** A started runner, as its folder records it. `serves` differs when address or key do. */
const Runner = ProcessIdentity.extend({ serves: z.string() });

export interface RunnerTarget {
  readonly apiUrl: string;
  readonly key: string;
}

const digest = ({ apiUrl, key }: RunnerTarget): string => createHash('sha256').update(`${apiUrl} ${key}`).digest('hex');

/** The runner that was started in this folder and not stopped; it may have ended since. */
const recordedRunner = (folder: CloudFolder) => readJson(folder.runnerFile, (value) => Runner.parse(value));

/** Whether the runner of this folder lives and serves this address with this key. */
export const isRunnerServing = (folder: CloudFolder, target: RunnerTarget): boolean => {
  const runner = recordedRunner(folder);
  return runner !== undefined && isAlive(runner) && runner.serves === digest(target);
};

const isReady = (log: string): boolean => readFileSync(log, 'utf8').includes(`runner ${runnerName} is ready`);

/** The agent's commands see the user's PATH and nothing else of the user's environment. */
const environment = (folder: CloudFolder, { apiUrl, key }: RunnerTarget): NodeJS.ProcessEnv => ({
  HOME: folder.home,
  PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
  LANG: 'C.UTF-8',
  IORCH_API_URL: apiUrl,
  IORCH_API_KEY: key,
});

/** Starts a runner with the demo model and waits until it is registered. Throws a Problem with the end of its log when it is not. */
export const startRunner = async (folder: CloudFolder, target: RunnerTarget): Promise<void> => {
  for (const path of [folder.home, folder.runnerWork]) makePrivateFolder(path);
  const log = join(folder.logs, 'runner.log');
  const identity = await startInBackground({
    command: join(projectRoot, 'node_modules/.bin/node'),
    args: [
      join(projectRoot, 'apps/cli/bin/iorch.mjs'),
      ...['runner', '--name', runnerName, '--allow-file-repos', '--work-dir', folder.runnerWork],
    ],
    env: environment(folder, target),
    cwd: folder.path,
    log,
  });
  writePrivateJson(folder.runnerFile, { ...identity, serves: digest(target) });
  const deadline = Date.now() + readyTimeoutMs;
  while (!isReady(log)) {
    if (!isAlive(identity) || Date.now() > deadline) {
      await endRunner(folder);
      throw new Problem(
        `${tail(log)}\n\nThe runner did not register; its output is in ${log}. Run this command again.`,
      );
    }
    await sleep(100);
  }
};

/** Ends the runner of this folder, if one runs. Returns whether one did. */
export const endRunner = async (folder: CloudFolder): Promise<boolean> => {
  const runner = recordedRunner(folder);
  const wasAlive = runner !== undefined && isAlive(runner);
  if (runner) await endProcessGroup(runner, graceMs);
  await endAbandoned(folder.runnerWork, abandonedGraceMs);
  rmSync(folder.runnerFile, { force: true });
  return wasAlive;
};

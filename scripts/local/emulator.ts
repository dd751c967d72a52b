import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { startInBackground } from './background-process.ts';
import { type CloudFolder, makePrivateFolder, projectRoot } from './cloud-folder.ts';
import { readJson, writePrivateJson } from './private-file.ts';
import { Problem } from './problem.mjs';
import { endProcessGroup, isAlive, ProcessIdentity } from './process-identity.ts';
import { tail } from './run-program.mjs';
import { forgetStreamPositions } from './saved-state.ts';

/**
 * A started emulator, as its folder records it. `instance` is repeated by its health answer and by no other emulator's, `endpoints`
 * is what its functions were told of services that it does not have.
 */
const Emulator = ProcessIdentity.extend({
  port: z.int().positive(),
  instance: z.string(),
  endpoints: z.record(z.string(), z.string()).default({}),
});
export type Emulator = z.infer<typeof Emulator>;

const Python = z.object({ command: z.string(), modules: z.string().nullable() });
const Health = z.looseObject({ edition: z.string() });

const startTimeoutMs = 30_000;
const healthTimeoutMs = 5_000;
const graceMs = 20_000;

export const endpointOf = ({ port }: { port: number }): string => `http://127.0.0.1:${port}`;

/** The emulator that was started in this folder and not stopped; it may have ended since. */
export const recordedEmulator = (folder: CloudFolder): Emulator | undefined =>
  readJson(folder.emulatorFile, (value) => Emulator.parse(value));

/** Whether this very emulator answers. */
export const isHealthy = async (emulator: Emulator, timeoutMs: number = healthTimeoutMs): Promise<boolean> => {
  try {
    const answer = await fetch(`${endpointOf(emulator)}/_ministack/health`, { signal: AbortSignal.timeout(timeoutMs) });
    return Health.parse(await answer.json()).edition === emulator.instance;
  } catch {
    return false;
  }
};

export interface EmulatorSettings {
  readonly port: number;
  /** Whether it saves its state when it is stopped. */
  readonly keepsState: boolean;
  /** Where services answer that it does not have. */
  readonly endpoints: Emulator['endpoints'];
}

/** Lambda workers inherit the emulator's environment, so it holds nothing of the user's. */
const environment = (
  folder: CloudFolder,
  { port, keepsState, endpoints }: EmulatorSettings,
  instance: string,
): NodeJS.ProcessEnv => ({
  ...endpoints,
  HOME: folder.home,
  TMPDIR: folder.temp,
  PATH: `${join(projectRoot, 'node_modules/.bin')}:/usr/local/bin:/usr/bin:/bin`,
  LANG: 'C.UTF-8',
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  LOG_LEVEL: 'WARNING',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  LAMBDA_WARM_TTL_SECONDS: '30',
  MINISTACK_EDITION: instance,
  ...(keepsState && {
    PERSIST_STATE: '1',
    S3_PERSIST: '1',
    STATE_DIR: folder.state,
    S3_DATA_DIR: join(folder.state, 's3'),
  }),
});

const makeFolders = (folder: CloudFolder): void => {
  rmSync(folder.temp, { recursive: true, force: true });
  for (const path of [folder.path, folder.state, folder.home, folder.temp]) makePrivateFolder(path);
  // the workers' script is CommonJS, whatever package lies around the folder
  writeFileSync(join(folder.temp, 'package.json'), '{"type":"commonjs"}\n');
};

/** Starts an emulator and waits until it answers. Throws a Problem with the end of its log when it does not. */
export const startEmulator = async (folder: CloudFolder, settings: EmulatorSettings): Promise<Emulator> => {
  const python = readJson(join(projectRoot, '.local/python.json'), (value) => Python.parse(value));
  if (!python) throw new Problem('The packages of the local cloud are missing: run npm start or npm test.');
  makeFolders(folder);
  forgetStreamPositions(folder);
  const instance = `iorch-${randomUUID()}`;
  const log = join(folder.logs, 'emulator.log');
  const identity = await startInBackground({
    command: python.command,
    args: ['-m', 'ministack'],
    env: {
      ...environment(folder, settings, instance),
      ...(python.modules && { PYTHONPATH: python.modules }),
    },
    cwd: folder.path,
    log,
  });
  const { port, endpoints } = settings;
  const emulator = { ...identity, port, instance, endpoints };
  writePrivateJson(folder.emulatorFile, emulator);
  const deadline = Date.now() + startTimeoutMs;
  while (!(await isHealthy(emulator))) {
    if (!isAlive(emulator) || Date.now() > deadline) {
      await endEmulator(folder);
      throw new Problem(
        `${tail(log)}\n\nThe AWS emulator did not start; its output is in ${log}. Run this command again.`,
      );
    }
    await sleep(50);
  }
  return emulator;
};

/** Ends the emulator of this folder, if one runs. Returns whether it had the time to save its state. */
export const endEmulator = async (folder: CloudFolder): Promise<boolean> => {
  const emulator = recordedEmulator(folder);
  const isGraceful = emulator ? await endProcessGroup(emulator, graceMs) : true;
  rmSync(folder.emulatorFile, { force: true });
  rmSync(folder.temp, { recursive: true, force: true });
  return isGraceful;
};

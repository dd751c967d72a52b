import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { cloudFolder, projectRoot } from '#scripts/local/cloud-folder';
import { anyFreePort } from '#scripts/local/free-port';
import { type LocalCloud, startLocalCloud, stopLocalCloud } from '#scripts/local/local-cloud';
import type { LocalTraining } from '#scripts/local/local-training';
import { readJson, writePrivateJson } from '#scripts/local/private-file';
import { identify, isAlive, ProcessIdentity } from '#scripts/local/process-identity';
import { trainingAt } from './training-stage.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cloud: LocalCloud;
    training: LocalTraining;
  }
}

const clouds = join(projectRoot, '.local/test');

/** Ends what an earlier run left behind because it was killed. */
const endAbandoned = async (): Promise<void> => {
  for (const name of readdirSync(clouds)) {
    const path = join(clouds, name);
    const owner = readJson(join(path, 'owner.json'), (value) => ProcessIdentity.parse(value));
    if (owner && isAlive(owner)) continue;
    await stopLocalCloud(cloudFolder(path));
    rmSync(path, { recursive: true, force: true });
  }
};

const folder = cloudFolder(join(clouds, String(process.pid)));

/** Takes the tests' own local cloud down and forgets it. */
export const teardown = async (): Promise<void> => {
  await stopLocalCloud(folder);
  rmSync(folder.path, { recursive: true, force: true });
};

/** Gives the end-to-end tests a local cloud of their own, beside any that runs. */
export const setup = async (project: TestProject): Promise<void> => {
  mkdirSync(clouds, { recursive: true, mode: 0o700 });
  await endAbandoned();
  mkdirSync(folder.path, { mode: 0o700 });
  writePrivateJson(join(folder.path, 'owner.json'), identify(process.pid));
  try {
    const training = trainingAt(await anyFreePort());
    project.provide('training', training);
    project.provide('cloud', await startLocalCloud(folder, { keepsState: false, port: 'any', training }));
  } catch (error) {
    await teardown();
    throw error;
  }
};

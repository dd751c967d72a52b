import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from './private-file.ts';
import { Problem } from './problem.mjs';
import { identify, isAlive, ProcessIdentity } from './process-identity.ts';

const pollMs = 200;

const tryToTake = (file: string): boolean => {
  const own = identify(process.pid);
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, JSON.stringify(own));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/**
 * Does `work` while no other process of this clone does work under the same lock. A lock whose owner has ended is taken over.
 * Throws a Problem when the owner does not finish within `patienceMs`.
 */
export const withLock = async <T>(file: string, patienceMs: number, work: () => Promise<T>): Promise<T> => {
  const deadline = Date.now() + patienceMs;
  while (!tryToTake(file)) {
    const owner = readJson(file, (value) => ProcessIdentity.parse(value));
    if (!owner || !isAlive(owner)) {
      // an owner that is still writing its name gets one more round
      await sleep(pollMs);
      const still = readJson(file, (value) => ProcessIdentity.parse(value));
      if (!still || still.started === owner?.started) rmSync(file, { force: true });
      continue;
    }
    if (Date.now() >= deadline) {
      throw new Problem(
        `Another command (process ${owner.pid}) is at work in this clone: wait until it has ended, then run this command again.`,
      );
    }
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

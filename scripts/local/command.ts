import { type CloudFolder, makePrivateFolder } from './cloud-folder.ts';
import { withLock } from './file-lock.ts';
import { showFailure } from './problem.mjs';

const patienceMs = 2_000;

/** Runs a command that must be the only one at work in its folder; failures are shown and set the exit code. */
export const runCommand = async (folder: CloudFolder, work: () => Promise<void>): Promise<void> => {
  try {
    makePrivateFolder(folder.path);
    await withLock(folder.lockFile, patienceMs, work);
  } catch (error) {
    showFailure(error);
    process.exitCode = 1;
  }
};

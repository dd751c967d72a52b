import { readdirSync, readFileSync } from 'node:fs';
import { endProcessGroup, identify, type ProcessIdentity } from './process-identity.ts';

const processNumbers = (): number[] => {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
};

/** Variables that a process was started with; none for one that has ended or belongs to somebody else. */
const variablesOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

/** Processes whose data folder lies in `folder`: what a killed runner left behind. A shell that only stands in the folder is none. */
const abandonedIn = (folder: string): ProcessIdentity[] =>
  processNumbers()
    .filter((pid) => variablesOf(pid).some((variable) => variable.startsWith(`XDG_DATA_HOME=${folder}/`)))
    .flatMap((pid) => identify(pid) ?? []);

/** Ends what a runner that was killed could not end itself. Does nothing on systems without `/proc`. */
export const endAbandoned = async (folder: string, graceMs: number): Promise<void> => {
  await Promise.all(abandonedIn(folder).map((identity) => endProcessGroup(identity, graceMs)));
};

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { endLeftOverServer } from './opencode-server.ts';
import { worktreesIn } from './prepare-workspace.ts';

/** A runner's folder, held by one runner at a time. */
export interface WorkFolder {
  readonly home: string;
  readonly openCode: string;
  release(): Promise<void>;
}

/** Another runner works in the folder. */
export class WorkFolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(`another runner (process ${pid}) works in ${folder}; end it, or start this one with another --work-dir`);
    this.name = 'WorkFolderInUse';
  }
}

/** Takes the folder and removes what a killed runner left in it: its OpenCode server and its worktrees, except the kept ones. Throws WorkFolderInUse. */
export async function openWorkFolder(folder: string): Promise<WorkFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = path.join(folder, 'runner.pid');
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) throw new WorkFolderInUse(folder, holder);
  await writeFile(lock, String(process.pid));
  const openCode = path.join(folder, 'opencode');
  const home = path.join(folder, 'home');
  for (const name of await readdir(folder)) {
    if (/^opencode(-\d+)?\.pid$/.test(name)) await endLeftOverServer(path.join(folder, name));
  }
  await removeLeftOvers(worktreesIn(folder));
  await mkdir(home, { recursive: true, mode: 0o700 });
  return {
    home,
    openCode,
    async release() {
      await rm(openCode, { recursive: true, force: true, maxRetries: 3 });
      await rm(lock, { force: true });
    },
  };
}

async function removeLeftOvers(worktrees: string): Promise<void> {
  await mkdir(worktrees, { recursive: true });
  const names = new Set(await readdir(worktrees));
  for (const name of names) {
    if (!name.endsWith('.kept') && !names.has(`${name}.kept`))
      await rm(path.join(worktrees, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

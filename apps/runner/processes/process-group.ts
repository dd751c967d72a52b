import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const groups = new Set<number>();
let isGuarded = false;

/** Starts a process as the head of its own group, which ends with the runner at the latest, however the runner ends (except by SIGKILL). */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (!isGuarded) process.on('exit', () => [...groups].map((group) => killGroup(group, 'SIGKILL')));
  isGuarded = true;
  const child = spawn(command, args, { ...options, detached: true });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    child.once('close', () => groups.delete(pid));
  }
  return child;
}

/** Signals a whole group; a group that is gone already is fine. */
export function killGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

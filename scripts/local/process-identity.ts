import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

/** A process that cannot be confused with a later one of the same number. */
export const ProcessIdentity = z.object({ pid: z.int().positive(), started: z.string().min(1) });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

const pollMs = 50;

/** When a process started, from the text of `/proc/<pid>/stat`; undefined for one that has ended and only waits to be collected. */
export const startOf = (stat: string): string | undefined => {
  // the command in parentheses may itself hold spaces and parentheses
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : started;
};

const startOnLinux = (pid: number): string | undefined => {
  const start = startOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  return start && `${boot}-${start}`;
};

const startElsewhere = (pid: number): string | undefined => {
  const [state = 'Z', ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/);
  return state.startsWith('Z') ? undefined : started.join('-');
};

/** The identity of a living process; undefined when there is none of that number. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  try {
    const started = process.platform === 'linux' ? startOnLinux(pid) : startElsewhere(pid);
    return started ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
};

/** Whether exactly this process still lives. */
export const isAlive = ({ pid, started }: ProcessIdentity): boolean => identify(pid)?.started === started;

/** Whether the process has ended before `timeoutMs` were over. */
export const hasEndedWithin = async (identity: ProcessIdentity, timeoutMs: number): Promise<boolean> => {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await sleep(pollMs);
  }
  return true;
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // it ended in between
  }
};

/**
 * Ends the leader of a process group and what it left in the group: SIGTERM, `graceMs` to finish, then SIGKILL.
 * Returns whether it ended by itself. Signals nothing when another process has the number by now.
 */
export const endProcessGroup = async (identity: ProcessIdentity, graceMs: number): Promise<boolean> => {
  if (!isAlive(identity)) return true;
  signal(identity.pid, 'SIGTERM');
  const isGraceful = await hasEndedWithin(identity, graceMs);
  signal(-identity.pid, 'SIGKILL');
  await hasEndedWithin(identity, graceMs);
  return isGraceful;
};

import type { ChildProcess } from 'node:child_process';
import { killGroup, spawnGroup } from './process-group.ts';

/** A process to run to its end. */
export interface ProcessCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Ends the process group when aborted; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly input?: string | undefined;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

/** How it ended. A signal counts as 128 + its number, a timeout as 124. */
export interface ProcessEnd {
  readonly exitCode: number;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

const gracePeriodMs = 1_000;

/** Runs a process in its own group and leaves none of the group behind. Throws when it cannot be started or is aborted. */
export async function runProcess(call: ProcessCall): Promise<ProcessEnd> {
  call.signal?.throwIfAborted();
  const startedAt = performance.now();
  const child = spawnGroup(call.command, call.args, { cwd: call.cwd, env: call.env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout?.on('data', call.onStdout);
  child.stderr?.on('data', call.onStderr);
  child.stdin?.on('error', () => undefined).end(call.input ?? '');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child);
  }, call.timeoutMs);
  const onAbort = () => endGroup(child);
  call.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await endOf(child);
    call.signal?.throwIfAborted();
    return { exitCode: timedOut ? 124 : exitCode, timedOut, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

function endGroup(child: ChildProcess): void {
  killGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), gracePeriodMs);
  child.once('close', () => clearTimeout(timer));
}

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    // what the process left running in its group would hold the pipes open
    child.once('exit', () => killGroup(child.pid, 'SIGKILL'));
    child.once('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });

const signalNumber = (signal: NodeJS.Signals | null): number =>
  ({ SIGTERM: 15, SIGKILL: 9, SIGINT: 2, SIGSEGV: 11 })[signal as string] ?? 0;

import path from 'node:path';
import { endOfText } from '#apps/runner/end-of-text';
import { runProcess } from '#apps/runner/processes/run-process';

/** How one git command runs. */
export interface GitCall {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  /** Talks to another repository: with the user's own git configuration and credentials, never asking for any. */
  readonly isRemote?: boolean;
  /** Stops reading, and git, after so many bytes of output. @default 32 MB */
  readonly maxBytes?: number;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 10 minutes */
  readonly timeoutMs?: number;
}

/** A git command that failed, with what git said. */
export class GitError extends Error {
  readonly exitCode: number;
  readonly stderr: string;
  constructor(args: readonly string[], exitCode: number, stderr: string) {
    super(`git ${args[0]} failed: ${endOfText(stderr, 1_000) || `exit code ${exitCode}`}`);
    this.name = 'GitError';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

// nothing that a user or a repository configured may run here or change what is recorded
const settings = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.quotePath': 'false',
  'core.autocrlf': 'false',
  'commit.gpgSign': 'false',
  'tag.gpgSign': 'false',
  'push.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'protocol.ext.allow': 'never',
  'advice.addEmbeddedRepo': 'false',
};
const settingArguments = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** The output of a git command. Throws GitError, or the signal's reason. */
export async function git(args: readonly string[], call: GitCall): Promise<string> {
  const { maxBytes = 32 * 1024 * 1024, timeoutMs = 600_000 } = call;
  const output: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  const enough = new AbortController();
  const onStdout = (chunk: Buffer) => {
    output.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) enough.abort();
  };
  const onStderr = (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-8_192);
  };
  const signal = call.signal ? AbortSignal.any([call.signal, enough.signal]) : enough.signal;
  const { cwd, input } = call;
  // a folder that has lost its .git must not be taken for a part of whatever repository lies around it
  const env = {
    ...(call.isRemote ? remoteEnvironment() : localEnvironment()),
    GIT_CEILING_DIRECTORIES: path.dirname(cwd),
    ...call.env,
  };
  const end = await runProcess({
    command: 'git',
    args: [...settingArguments, ...args],
    cwd,
    env,
    input,
    timeoutMs,
    signal,
    onStdout,
    onStderr,
  }).catch((error: unknown) => {
    if (enough.signal.aborted && !call.signal?.aborted) return { exitCode: 0 };
    throw error;
  });
  if (end.exitCode !== 0) throw new GitError(args, end.exitCode, stderr);
  return Buffer.concat(output).subarray(0, maxBytes).toString('utf8');
}

/** The output, or undefined when git says no. */
export async function gitOrNothing(args: readonly string[], call: GitCall): Promise<string | undefined> {
  try {
    return await git(args, call);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

const base = { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

const localEnvironment = () => ({
  ...base,
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
});

function remoteEnvironment() {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('IORCH_') && !isPlaceOfAnotherRepository.test(name),
  );
  return { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15', ...Object.fromEntries(own), ...base };
}

const isPlaceOfAnotherRepository =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CONFIG_PARAMETERS)$/;

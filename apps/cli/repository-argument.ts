import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Refusal } from './refusal.ts';

export interface RepositoryArgument {
  readonly repository_url: string;
  readonly ref?: string;
  readonly subdirectory?: string;
  /** What the user should know before the session starts. */
  readonly warning?: string;
}

/**
 * What `--repo` means: a URL as it is (also ssh's `git@host:path`), or a path as the `file:` URL of its git root at HEAD.
 * A path below the root becomes the subdirectory. Uncommitted changes are not part of the session and give a warning.
 * @throws Refusal when the path is no git repository, or has no commit.
 */
export const repositoryArgument = async (value: string, ref?: string): Promise<RepositoryArgument> => {
  if (!isUrl(value)) return localRepository(value, ref);
  return { repository_url: value, ...(ref ? { ref } : {}) };
};

const isUrl = (value: string) => /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^[\w.-]+@[\w.-]+:[^\s:]\S*$/.test(value);

const localRepository = async (value: string, ref = 'HEAD'): Promise<RepositoryArgument> => {
  const folder = await realpath(resolve(value)).catch((cause: unknown) => {
    throw new Refusal(`There is no folder ${value}.`, {
      remedy: 'Give a path of a git repository, or its URL.',
      cause,
    });
  });
  const root = await rootOf(folder);
  const commit = await git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(
    (cause: unknown) => {
      throw new Refusal(ref === 'HEAD' ? `${root} has no commit yet.` : `${root} has no commit ${ref}.`, {
        remedy: 'Commit first: a session works on a commit, never on uncommitted files.',
        cause,
      });
    },
  );
  const subdirectory = relative(root, folder).split('\\').join('/');
  const dirty = await uncommitted(folder);
  return {
    repository_url: pathToFileURL(root).href,
    ref: commit,
    ...(subdirectory === '' ? {} : { subdirectory }),
    ...(dirty === 0 ? {} : { warning: warningOf(dirty, commit) }),
  };
};

const rootOf = async (folder: string): Promise<string> => {
  try {
    const bare = await git(folder, 'rev-parse', '--is-bare-repository');
    return await git(folder, 'rev-parse', bare === 'true' ? '--absolute-git-dir' : '--show-toplevel');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Refusal('git is not installed, or not on PATH.', { remedy: 'Install git, or give a URL.', cause });
    }
    throw new Refusal(`${folder} is not inside a git repository.`, {
      remedy: 'Run git init and commit there, or give a URL.',
      cause,
    });
  }
};

const uncommitted = async (folder: string): Promise<number> => {
  const status = await git(folder, 'status', '--porcelain').catch(() => '');
  return status === '' ? 0 : status.split('\n').length;
};

const warningOf = (files: number, commit: string) =>
  `${files} uncommitted ${files === 1 ? 'change is' : 'changes are'} not part of the session; it works on ${commit.slice(0, 10)}.`;

const git = async (folder: string, ...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], {
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trimEnd();
};

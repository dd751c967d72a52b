import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { endOfText } from '#apps/runner/end-of-text';
import { upstreamFailure } from '#apps/runner/run-failure';
import { GitError, git, gitOrNothing } from './git.ts';
import { refused } from './repository-url.ts';
import { takeTurns } from './take-turns.ts';

/** A bare repository of the cache and the commit that a session starts from. */
export interface CachedRepository {
  readonly gitDir: string;
  readonly baseCommit: string;
}

/** Which commit of which repository is wanted. @default ref the remote's HEAD */
export interface WantedCommit {
  readonly remote: string;
  readonly ref?: string | undefined;
}

const inTurn = takeTurns();
const isFullId = /^[0-9a-f]{40}$/;

/**
 * Clones or fetches a repository into the cache and resolves the wanted commit.
 * Throws REPOSITORY_REFUSED when the repository cannot be read or the commit is unknown, UPSTREAM_ERROR when its host cannot be reached.
 */
export async function openCachedRepository(
  cacheDir: string,
  { remote, ref = 'HEAD' }: WantedCommit,
  signal?: AbortSignal,
): Promise<CachedRepository> {
  const gitDir = path.join(cacheDir, `${createHash('sha256').update(remote).digest('hex').slice(0, 24)}.git`);
  return inTurn(gitDir, async () => {
    await ensureBareRepository(gitDir);
    const known = isFullId.test(ref) ? await commitOf(gitDir, ref) : undefined;
    if (known) return { gitDir, baseCommit: known };
    await fetchAll(gitDir, remote, ref, signal);
    return { gitDir, baseCommit: await resolve(gitDir, remote, ref, signal) };
  });
}

/** The repository of sessions without a workspace: one empty commit, the same on every runner. */
export async function openEmptyRepository(cacheDir: string): Promise<CachedRepository> {
  const gitDir = path.join(cacheDir, 'empty.git');
  return inTurn(gitDir, async () => {
    await ensureBareRepository(gitDir);
    const tree = (await git(['hash-object', '-t', 'tree', '-w', '--stdin'], { cwd: gitDir, input: '' })).trim();
    const epoch = { GIT_AUTHOR_DATE: '@0 +0000', GIT_COMMITTER_DATE: '@0 +0000' };
    const baseCommit = (
      await git(['commit-tree', tree, '-m', 'An empty workspace'], { cwd: gitDir, env: epoch })
    ).trim();
    await git(['update-ref', 'refs/iorch/empty', baseCommit], { cwd: gitDir });
    return { gitDir, baseCommit };
  });
}

/** Runs `action` while nothing else changes the repository. */
export const withRepository = <T>(gitDir: string, action: () => Promise<T>): Promise<T> => inTurn(gitDir, action);

async function ensureBareRepository(gitDir: string): Promise<void> {
  await mkdir(gitDir, { recursive: true });
  const isRepository = (await gitOrNothing(['rev-parse', '--is-bare-repository'], { cwd: gitDir })) !== undefined;
  if (isRepository) return;
  await rm(gitDir, { recursive: true, force: true });
  await mkdir(gitDir, { recursive: true });
  await git(['init', '--quiet', '--bare'], { cwd: gitDir });
  // an agent that commits by itself has nobody to ask for a name
  await git(['config', 'user.name', 'Industrial Orchestrator'], { cwd: gitDir });
  await git(['config', 'user.email', 'iorch@localhost'], { cwd: gitDir });
}

async function fetchAll(gitDir: string, remote: string, ref: string, signal?: AbortSignal): Promise<void> {
  const refspecs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  if (ref === 'HEAD') refspecs.push('+HEAD:refs/iorch/HEAD');
  const args = [
    'fetch',
    '--quiet',
    '--prune',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    remote,
    ...refspecs,
  ];
  await git(args, { cwd: gitDir, isRemote: true, signal }).catch((error: unknown) => {
    throw fetchFailure(error);
  });
}

const passingTrouble =
  /could not resolve host|couldn't connect|connection (refused|timed out|reset)|operation timed out|early EOF|hung up|HTTP 5\d\d|error: 5\d\d/i;

function fetchFailure(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  if (/couldn't find remote ref HEAD/.test(error.stderr))
    return refused('the repository has no commit yet', { cause: error });
  const message = `the repository cannot be read: ${endOfText(error.stderr, 500)}`;
  return passingTrouble.test(error.stderr)
    ? upstreamFailure(message, { cause: error })
    : refused(message, { cause: error });
}

async function resolve(gitDir: string, remote: string, ref: string, signal?: AbortSignal): Promise<string> {
  for (const name of namesOf(ref)) {
    const commit = await commitOf(gitDir, name);
    if (commit) return commit;
  }
  // a commit that no branch holds any more may still be given out
  if (isFullId.test(ref)) {
    const call = { cwd: gitDir, isRemote: true, signal };
    await gitOrNothing(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', remote, ref], call);
    const commit = await commitOf(gitDir, ref);
    if (commit) return commit;
  }
  throw refused(`the repository has no branch, tag or commit "${ref}"`);
}

/** Where the cache keeps what the remote calls so. Its own branches hold results and are not among them. */
function namesOf(ref: string): string[] {
  if (ref === 'HEAD') return ['refs/iorch/HEAD'];
  if (ref.startsWith('refs/heads/')) return [ref.replace('refs/heads/', 'refs/remotes/origin/')];
  if (ref.startsWith('refs/')) return [ref];
  return [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`, ...(/^[0-9a-f]{7,40}$/.test(ref) ? [ref] : [])];
}

const commitOf = async (gitDir: string, name: string): Promise<string | undefined> =>
  (
    await gitOrNothing(['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{commit}`], { cwd: gitDir })
  )?.trim();

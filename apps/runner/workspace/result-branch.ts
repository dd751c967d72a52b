import { endOfText } from '#apps/runner/end-of-text';
import { executionFailure, upstreamFailure } from '#apps/runner/run-failure';
import { sessionTrailer } from './commit-result.ts';
import { GitError, git, gitOrNothing } from './git.ts';
import { withRepository } from './repository-cache.ts';
import { refused } from './repository-url.ts';

/** A finished commit and the branch that it is kept on. */
export interface ResultBranch {
  readonly gitDir: string;
  readonly branch: string;
  readonly commit: string;
}

/** Sets the branch in the cached repository. Throws REPOSITORY_REFUSED for a name that no branch can have. */
export async function keepResultBranch({ gitDir, branch, commit }: ResultBranch): Promise<void> {
  if ((await gitOrNothing(['check-ref-format', `refs/heads/${branch}`], { cwd: gitDir })) === undefined) {
    throw refused(`"${branch}" is not a valid branch name`);
  }
  await withRepository(gitDir, () =>
    git(['update-ref', '--no-deref', `refs/heads/${branch}`, commit], { cwd: gitDir }),
  );
}

/** Takes the branch back, unless it points elsewhere by now. */
export async function dropResultBranch({ gitDir, branch, commit }: ResultBranch): Promise<void> {
  await withRepository(gitDir, () =>
    gitOrNothing(['update-ref', '-d', `refs/heads/${branch}`, commit], { cwd: gitDir }),
  );
}

/**
 * Pushes the branch with the user's own git credentials. It replaces what an earlier attempt of the same session pushed and
 * nothing else: a branch that somebody else wrote makes it throw AGENT_EXECUTION_FAILED, a broken connection UPSTREAM_ERROR.
 */
export async function pushResultBranch(
  { gitDir, branch, commit }: ResultBranch,
  remote: string,
  sessionId: string,
  signal?: AbortSignal,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const call = { cwd: gitDir, isRemote: true, signal };
  const lease = await ownEarlierCommit(remote, ref, sessionId, gitDir, signal);
  const force = lease ? [`--force-with-lease=${ref}:${lease}`] : [];
  await git(['push', '--quiet', '--no-verify', ...force, remote, `${commit}:${ref}`], call).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error;
    const isRejected = /\[(remote )?rejected\]/.test(error.stderr);
    const message = `the branch ${branch} could not be pushed: ${endOfText(error.stderr, 500)}`;
    throw isRejected
      ? executionFailure(message, { retryable: false, cause: error })
      : upstreamFailure(message, { cause: error });
  });
}

/** The commit that the remote's branch points to, if this session made it. */
async function ownEarlierCommit(
  remote: string,
  ref: string,
  sessionId: string,
  gitDir: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const listed = await gitOrNothing(['ls-remote', remote, ref], { cwd: gitDir, isRemote: true, signal });
  const commit = listed?.split(/\s/)[0];
  if (!commit) return undefined;
  const message = await gitOrNothing(['log', '-1', '--format=%B', commit], { cwd: gitDir });
  return message?.includes(sessionTrailer(sessionId)) ? commit : undefined;
}

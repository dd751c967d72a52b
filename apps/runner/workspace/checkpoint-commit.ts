import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CommitAuthor, parentOf } from './commit-result.ts';
import { git, gitOrNothing } from './git.ts';
import { withRepository } from './repository-cache.ts';
import { inWorktree, type Worktree } from './worktree.ts';

const refOf = ({ root }: Pick<Worktree, 'root'>) => `refs/iorch/checkpoints/${path.basename(root)}`;

/** Beside the worktree's own index, so that it goes with it. */
const indexOf = ({ gitDir, root }: Pick<Worktree, 'gitDir' | 'root'>) =>
  path.join(gitDir, 'worktrees', path.basename(root), 'checkpoint-index');

/**
 * Commits all files of the worktree that git does not ignore on a private ref, beside the agent's own index and branch, and
 * returns the commit's id; the one before when no file has changed since.
 */
export async function commitCheckpoint(
  worktree: Worktree,
  author: CommitAuthor,
  before: string | undefined,
): Promise<string> {
  const call = inWorktree(worktree);
  const index = indexOf(worktree);
  const own = { ...call, env: { ...call.env, GIT_INDEX_FILE: index } };
  const parent = await parentOf(worktree);
  // files that are tracked and ignored must not be missing; later the index knows what it has seen
  if (!existsSync(index)) await git(['read-tree', parent], own);
  await git(['add', '--all', '--', '.'], own);
  const tree = (await git(['write-tree'], own)).trim();
  const last = before ?? (parent === worktree.baseCommit ? parent : undefined);
  if (last && tree === (await git(['rev-parse', `${last}^{tree}`], call)).trim()) return last;
  const identity = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  const args = ['commit-tree', tree, '-p', parent, '-m', 'Checkpoint'];
  const commit = (await git(args, { ...call, env: { ...call.env, ...identity } })).trim();
  await withRepository(worktree.gitDir, () => git(['update-ref', refOf(worktree), commit], { cwd: worktree.gitDir }));
  return commit;
}

/** Everything between the base commit and the worktree's checkpoint, as one file's bytes. */
export async function bundleCheckpoint(worktree: Worktree): Promise<Buffer> {
  const file = `${worktree.root}.bundle`;
  try {
    const range = [refOf(worktree), `^${worktree.baseCommit}`];
    await git(['bundle', 'create', '--quiet', file, ...range], { cwd: worktree.gitDir });
    return await readFile(file);
  } finally {
    await rm(file, { force: true });
  }
}

/** Brings a checkpoint's files into a fresh worktree. What the agent had not committed itself is uncommitted again. */
export async function restoreCheckpoint(worktree: Worktree, commit: string, bundleFile: string): Promise<void> {
  const { gitDir } = worktree;
  await withRepository(gitDir, async () => {
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', bundleFile];
    await git([...args, `+refs/iorch/checkpoints/*:refs/iorch/restored/${path.basename(worktree.root)}/*`], {
      cwd: gitDir,
    });
  });
  const call = inWorktree(worktree);
  await git(['checkout', '--quiet', '--force', '--detach', commit], call);
  await git(['reset', '--quiet', '--mixed', `${commit}^`], call);
}

/** Forgets what was kept of a worktree's checkpoints here; elsewhere they stay. */
export async function dropCheckpoints(worktree: Pick<Worktree, 'gitDir' | 'root'>): Promise<void> {
  const { gitDir } = worktree;
  await withRepository(gitDir, () => gitOrNothing(['update-ref', '-d', refOf(worktree)], { cwd: gitDir }));
}

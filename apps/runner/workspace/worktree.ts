import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type GitCall, git, gitOrNothing } from './git.ts';
import { type CachedRepository, withRepository } from './repository-cache.ts';
import { refused } from './repository-url.ts';

/** The files that one assignment works on. */
export interface Worktree extends CachedRepository {
  readonly root: string;
  /** Where the agent and the commands work: the root or the wanted folder below it. */
  readonly directory: string;
}

/** Checks the base commit out into `root`. Throws REPOSITORY_REFUSED when `subdirectory` is no folder inside it. */
export async function addWorktree(
  repository: CachedRepository,
  root: string,
  subdirectory = '.',
  signal?: AbortSignal,
): Promise<Worktree> {
  const { gitDir, baseCommit } = repository;
  await mkdir(path.dirname(root), { recursive: true });
  await rm(root, { recursive: true, force: true });
  try {
    await withRepository(gitDir, async () => {
      await git(['worktree', 'prune'], { cwd: gitDir });
      await git(['worktree', 'add', '--quiet', '--force', '--detach', root, baseCommit], { cwd: gitDir, signal });
    });
    const worktree = { ...repository, root: await realpath(root) };
    return { ...worktree, directory: await folderIn(worktree.root, subdirectory) };
  } catch (error) {
    await removeWorktree({ gitDir, root });
    throw error;
  }
}

/** Removes the files and what the repository remembers of them. */
export async function removeWorktree({ gitDir, root }: Pick<Worktree, 'gitDir' | 'root'>): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
  await withRepository(gitDir, () => gitOrNothing(['worktree', 'prune'], { cwd: gitDir }));
}

/** Names repository and files outright, so that nothing an agent did to the folder's `.git` leads git elsewhere. */
export const inWorktree = ({ gitDir, root }: Worktree): GitCall => ({
  cwd: root,
  env: { GIT_DIR: path.join(gitDir, 'worktrees', path.basename(root)), GIT_WORK_TREE: root, GIT_COMMON_DIR: gitDir },
});

async function folderIn(root: string, subdirectory: string): Promise<string> {
  const folder = await realpath(path.resolve(root, subdirectory)).catch(() => undefined);
  const isInside = folder === root || folder?.startsWith(root + path.sep);
  if (!folder || !isInside || !(await stat(folder)).isDirectory())
    throw refused(`the repository has no folder "${subdirectory}"`);
  return folder;
}

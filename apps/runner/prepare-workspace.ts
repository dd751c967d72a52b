import path from 'node:path';
import type { Workspace } from './control-plane.ts';
import { openCachedRepository, openEmptyRepository } from './workspace/repository-cache.ts';
import { remoteOf } from './workspace/repository-url.ts';
import { addWorktree, type Worktree } from './workspace/worktree.ts';

/** What an assignment works on. */
export interface PreparedWorkspace extends Worktree {
  /** What git pushes to; undefined when there is no repository. */
  readonly remote: string | undefined;
}

export interface WorkspaceOrder {
  readonly workDir: string;
  /** The worktree's own folder name. */
  readonly name: string;
  readonly workspace: Workspace | undefined;
  readonly allowsFileRepositories: boolean;
  readonly signal: AbortSignal;
}

/** Where all worktrees of a runner are. */
export const worktreesIn = (workDir: string): string => path.join(workDir, 'worktrees');

/** Brings the repository into the cache and checks the wanted commit out; without a repository, an empty folder under git. */
export async function prepareWorkspace({
  workDir,
  name,
  workspace,
  allowsFileRepositories,
  signal,
}: WorkspaceOrder): Promise<PreparedWorkspace> {
  const cacheDir = path.join(workDir, 'repositories');
  const root = path.join(worktreesIn(workDir), name);
  if (!workspace)
    return { ...(await addWorktree(await openEmptyRepository(cacheDir), root, '.', signal)), remote: undefined };
  const remote = remoteOf(workspace.repository_url, allowsFileRepositories);
  const repository = await openCachedRepository(cacheDir, { remote, ref: workspace.ref }, signal);
  return { ...(await addWorktree(repository, root, workspace.subdirectory, signal)), remote };
}

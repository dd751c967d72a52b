import { rm } from 'node:fs/promises';
import path from 'node:path';
import { git, gitOrNothing } from './git.ts';
import { inWorktree, type Worktree } from './worktree.ts';

/** Who a result commit is by. */
export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** What a result commit says. */
export interface ResultCommit {
  readonly sessionId: string;
  readonly title: string;
  readonly author: CommitAuthor;
}

/** The trailer that marks the commits of a session. */
export const sessionTrailer = (sessionId: string): string => `Iorch-Session: ${sessionId}`;

/**
 * Commits all files of the worktree that git does not ignore, also when nothing changed, and returns the commit's id.
 * Commits that the agent made itself stay below it, unless they do not build on the base commit.
 */
export async function commitResult(worktree: Worktree, { sessionId, title, author }: ResultCommit): Promise<string> {
  const call = inWorktree(worktree);
  // left behind by a git command that was ended in its middle
  await rm(path.join(call.env?.['GIT_DIR'] ?? '', 'index.lock'), { force: true });
  await git(['add', '--all', '--', '.'], call);
  const tree = (await git(['write-tree'], call)).trim();
  const identity = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  const message = `${subjectOf(title)}\n\n${sessionTrailer(sessionId)}\n`;
  const parent = await parentOf(worktree);
  const commit = await git(['commit-tree', tree, '-p', parent, '-F', '-'], {
    ...call,
    input: message,
    env: { ...call.env, ...identity },
  });
  return commit.trim();
}

/** The newest commit of the agent's own that builds on the base commit, or that. */
export async function parentOf(worktree: Worktree): Promise<string> {
  const call = inWorktree(worktree);
  const head = (await gitOrNothing(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'], call))?.trim();
  const buildsOnBase =
    head && (await gitOrNothing(['merge-base', '--is-ancestor', worktree.baseCommit, head], call)) !== undefined;
  return buildsOnBase ? head : worktree.baseCommit;
}

function subjectOf(title: string): string {
  const line = title.replace(/\s+/g, ' ').trim() || 'Work of a session';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

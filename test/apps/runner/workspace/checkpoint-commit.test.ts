import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bundleCheckpoint,
  commitCheckpoint,
  dropCheckpoints,
  restoreCheckpoint,
} from '#apps/runner/workspace/checkpoint-commit';
import { commitResult } from '#apps/runner/workspace/commit-result';
import { openCachedRepository } from '#apps/runner/workspace/repository-cache';
import { addWorktree } from '#apps/runner/workspace/worktree';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';

const author = { name: 'Industrial Orchestrator', email: 'iorch@localhost' };

/** Another runner's worktree of the same repository, with a cache of its own. */
const aWorktreeOf = async (origin: { folder: string }) => {
  const folder = temporaryFolder();
  const repository = await openCachedRepository(path.join(folder, 'cache'), { remote: origin.folder });
  return addWorktree(repository, path.join(folder, 'worktrees', 'one'));
};

const aRun = async () => {
  const origin = anOrigin({ 'kept.txt': 'kept\n', 'gone.txt': 'gone\n', '.gitignore': 'ignored\ntracked.log\n' });
  writeFiles(origin.folder, { 'tracked.log': 'tracked and ignored\n' });
  gitIn(origin.folder, 'add', '--force', 'tracked.log');
  origin.commit('tracked');
  const worktree = await aWorktreeOf(origin);
  return { origin, worktree, read: (name: string) => readFileSync(path.join(worktree.root, name), 'utf8') };
};

describe('a checkpoint of a worktree', () => {
  it('is taken up by another runner: new, changed and deleted files, uncommitted as they were', async () => {
    const { origin, worktree } = await aRun();
    writeFiles(worktree.root, { 'new/file.txt': 'new\n', 'kept.txt': 'changed\n', ignored: 'x' });
    rmSync(path.join(worktree.root, 'gone.txt'));
    const commit = await commitCheckpoint(worktree, author, undefined);
    expect(gitIn(worktree.root, 'diff', '--cached', '--name-only')).toBe('');
    const bundle = await bundleCheckpoint(worktree);

    const other = await aWorktreeOf(origin);
    const file = path.join(temporaryFolder(), 'bundle');
    writeFileSync(file, bundle);
    await restoreCheckpoint(other, commit, file);
    expect(gitIn(other.root, 'status', '--porcelain')).toBe('D gone.txt\n M kept.txt\n?? new/');
    expect(gitIn(other.root, 'rev-parse', 'HEAD')).toBe(other.baseCommit);
    const result = await commitResult(other, { sessionId: 'S1', title: 'Go on', author });
    expect(gitIn(other.gitDir, 'rev-list', '--count', `${other.baseCommit}..${result}`)).toBe('1');
    expect(gitIn(other.gitDir, 'ls-tree', '-r', '--name-only', result).split('\n')).toEqual([
      '.gitignore',
      'kept.txt',
      'new/file.txt',
      'tracked.log',
    ]);
  });

  it('is the one before as long as no file changes', async () => {
    const { worktree } = await aRun();
    expect(await commitCheckpoint(worktree, author, undefined)).toBe(worktree.baseCommit);
    writeFiles(worktree.root, { 'a.txt': 'a\n' });
    const first = await commitCheckpoint(worktree, author, worktree.baseCommit);
    expect(first).not.toBe(worktree.baseCommit);
    expect(await commitCheckpoint(worktree, author, first)).toBe(first);
    writeFiles(worktree.root, { 'a.txt': 'b\n' });
    expect(await commitCheckpoint(worktree, author, first)).not.toBe(first);
  });

  it("keeps the agent's own commits", async () => {
    const { origin, worktree, read } = await aRun();
    writeFiles(worktree.root, { 'a.txt': 'a\n' });
    gitIn(worktree.root, 'add', 'a.txt');
    gitIn(worktree.root, 'commit', '--quiet', '-m', 'by the agent');
    const commit = await commitCheckpoint(worktree, author, undefined);
    const other = await aWorktreeOf(origin);
    const file = path.join(temporaryFolder(), 'bundle');
    writeFileSync(file, await bundleCheckpoint(worktree));
    await restoreCheckpoint(other, commit, file);
    expect(gitIn(other.root, 'log', '-1', '--format=%s')).toBe('by the agent');
    expect(read('a.txt')).toBe('a\n');
  });

  it('leaves nothing behind when it is dropped', async () => {
    const { worktree } = await aRun();
    writeFiles(worktree.root, { 'a.txt': 'a\n' });
    await commitCheckpoint(worktree, author, undefined);
    await dropCheckpoints(worktree);
    await dropCheckpoints(worktree);
    expect(gitIn(worktree.gitDir, 'for-each-ref', 'refs/iorch/checkpoints')).toBe('');
  });
});

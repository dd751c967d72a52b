import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitResult } from '#apps/runner/workspace/commit-result';
import { openCachedRepository } from '#apps/runner/workspace/repository-cache';
import { addWorktree, removeWorktree } from '#apps/runner/workspace/worktree';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';

const author = { name: 'Industrial Orchestrator', email: 'iorch@localhost' };

async function aWorktree(files?: Record<string, string>) {
  const origin = anOrigin(files);
  const folder = temporaryFolder();
  const repository = await openCachedRepository(path.join(folder, 'cache'), { remote: origin.folder });
  const worktree = await addWorktree(repository, path.join(folder, 'worktrees', 'one'));
  const commit = (title = 'Say hello') => commitResult(worktree, { sessionId: 'S1', title, author });
  const show = (id: string, format: string) => gitIn(worktree.gitDir, 'show', '-s', `--format=${format}`, id);
  return { origin, repository, worktree, commit, show };
}

describe('a worktree', () => {
  it('has the files of the base commit and is gone afterwards, also from the repository', async () => {
    const { worktree } = await aWorktree({ 'src/a.txt': 'a\n' });
    expect(readFileSync(path.join(worktree.directory, 'src/a.txt'), 'utf8')).toBe('a\n');
    await removeWorktree(worktree);
    expect(existsSync(worktree.root)).toBe(false);
    expect(gitIn(worktree.gitDir, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('works below the wanted folder', async () => {
    const { repository, worktree } = await aWorktree({ 'packages/one/a.txt': 'a\n' });
    const { directory } = await addWorktree(repository, `${worktree.root}-sub`, 'packages/one');
    expect(readdirSync(directory)).toEqual(['a.txt']);
  });

  it.each(['missing', 'file.txt', '../..', 'way-out'])(
    'refuses the folder "%s" and leaves nothing behind',
    async (folder) => {
      const origin = anOrigin({ 'file.txt': 'x' });
      symlinkSync('/tmp', path.join(origin.folder, 'way-out'));
      origin.commit('a way out');
      const work = temporaryFolder();
      const repository = await openCachedRepository(path.join(work, 'cache'), { remote: origin.folder });
      const root = path.join(work, 'worktrees', 'sub');
      await expect(addWorktree(repository, root, folder)).rejects.toMatchObject({ code: 'REPOSITORY_REFUSED' });
      expect(existsSync(root)).toBe(false);
    },
  );

  it('can be added again where a killed runner left one', async () => {
    const { repository, worktree } = await aWorktree();
    writeFiles(worktree.root, { 'left.txt': 'over' });
    const again = await addWorktree(repository, worktree.root);
    expect(existsSync(path.join(again.root, 'left.txt'))).toBe(false);
  });
});

describe('a result commit', () => {
  it('holds new, changed and deleted files, with author and trailer', async () => {
    const { worktree, commit, show } = await aWorktree({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    writeFiles(worktree.root, { 'a.txt': 'changed\n', 'new/c.txt': 'c\n' });
    rmSync(path.join(worktree.root, 'b.txt'));
    const id = await commit('Say\nhello');
    expect(show(id, '%an <%ae>|%cn <%ce>|%s|%(trailers:key=Iorch-Session,valueonly)').trim()).toBe(
      'Industrial Orchestrator <iorch@localhost>|Industrial Orchestrator <iorch@localhost>|Say hello|S1',
    );
    expect(gitIn(worktree.gitDir, 'ls-tree', '-r', '--name-only', id).split('\n')).toEqual(['a.txt', 'new/c.txt']);
    expect(show(id, '%P')).toBe(worktree.baseCommit);
  });

  it('leaves out what git ignores', async () => {
    const { worktree, commit } = await aWorktree({ '.gitignore': 'build/\n' });
    writeFiles(worktree.root, { 'build/out.js': 'x' });
    const id = await commit();
    expect(gitIn(worktree.gitDir, 'ls-tree', '-r', '--name-only', id)).toBe('.gitignore');
  });

  it('is made also when nothing changed', async () => {
    const { worktree, commit, show } = await aWorktree();
    expect(show(await commit(), '%P')).toBe(worktree.baseCommit);
  });

  it('lies above the commits that the agent made', async () => {
    const { worktree, commit, show } = await aWorktree();
    writeFiles(worktree.root, { 'a.txt': 'a\n' });
    gitIn(worktree.root, 'add', '--all');
    gitIn(worktree.root, 'commit', '-m', "the agent's");
    const own = gitIn(worktree.root, 'rev-parse', 'HEAD');
    expect(show(await commit(), '%P')).toBe(own);
  });

  it('builds on the base commit when the agent went elsewhere', async () => {
    const { worktree, commit, show } = await aWorktree();
    gitIn(worktree.root, 'checkout', '--quiet', '--orphan', 'other');
    gitIn(worktree.root, 'commit', '--quiet', '--allow-empty', '-m', 'unrelated');
    expect(show(await commit(), '%P')).toBe(worktree.baseCommit);
  });

  it('is made in its own repository when the agent removed or replaced .git', async () => {
    const { worktree, commit } = await aWorktree();
    rmSync(path.join(worktree.root, '.git'));
    gitIn(worktree.root, 'init', '--quiet');
    writeFiles(worktree.root, { 'a.txt': 'a\n' });
    const id = await commit();
    expect(gitIn(worktree.gitDir, 'show', `${id}:a.txt`)).toBe('a');
  });

  it('runs no hooks of the repository and is not stopped by a lock that a killed command left', async () => {
    const { worktree, commit } = await aWorktree();
    writeFiles(worktree.gitDir, { 'hooks/pre-commit': '#!/bin/sh\nexit 1\n', 'worktrees/one/index.lock': '' });
    expect(await commit()).toMatch(/^[0-9a-f]{40}$/);
  });
});

import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commitResult } from '#apps/runner/workspace/commit-result';
import { git, gitOrNothing } from '#apps/runner/workspace/git';
import { openCachedRepository } from '#apps/runner/workspace/repository-cache';
import { addWorktree } from '#apps/runner/workspace/worktree';
import { anOrigin, temporaryFolder, writeFiles } from '#test/support/git-world';

describe('git in the runner', () => {
  it("is not led astray by the user's configuration or by the variables of a repository around it", async () => {
    const [origin, folder] = [anOrigin(), temporaryFolder()];
    const hook = '#!/bin/sh\nexit 1\n';
    writeFiles(folder, {
      gitconfig: `[commit]\n\tgpgsign = true\n[user]\n\tname = Somebody\n[core]\n\thooksPath = ${folder}/hooks\n[diff]\n\texternal = false\n`,
      'hooks/post-checkout': hook,
      'hooks/reference-transaction': hook,
    });
    vi.stubEnv('GIT_CONFIG_GLOBAL', path.join(folder, 'gitconfig'));
    vi.stubEnv('GIT_DIR', path.join(folder, 'elsewhere'));
    vi.stubEnv('GIT_INDEX_FILE', path.join(folder, 'index'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const repository = await openCachedRepository(path.join(folder, 'cache'), { remote: origin.folder });
    const worktree = await addWorktree(repository, path.join(folder, 'worktree'));
    writeFiles(worktree.root, { 'a.txt': 'a' });
    const author = { name: 'Robot', email: 'robot@localhost' };
    const commit = await commitResult(worktree, { sessionId: 'S1', title: 'x', author });
    expect((await git(['show', '-s', '--format=%cn', commit], { cwd: worktree.gitDir })).trim()).toBe('Robot');
  });

  it('does not take a folder for a part of the repository around it', async () => {
    const origin = anOrigin();
    writeFiles(origin.folder, { 'inner/a.txt': 'a' });
    const inner = path.join(origin.folder, 'inner');
    expect(await gitOrNothing(['rev-parse', '--git-dir'], { cwd: inner })).toBeUndefined();
  });

  it('says what git said when it fails', async () => {
    await expect(git(['show', 'nothing'], { cwd: anOrigin().folder })).rejects.toThrow(/git show failed: .*nothing/);
  });

  it('stops reading an endless output', async () => {
    const origin = anOrigin({ 'big.txt': 'x'.repeat(1_000_000) });
    const output = await git(['show', 'HEAD:big.txt'], { cwd: origin.folder, maxBytes: 1_000 });
    expect(output).toHaveLength(1_000);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitResult } from '#apps/runner/workspace/commit-result';
import { openCachedRepository } from '#apps/runner/workspace/repository-cache';
import { keepResultBranch, pushResultBranch } from '#apps/runner/workspace/result-branch';
import { addWorktree } from '#apps/runner/workspace/worktree';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';

const author = { name: 'Industrial Orchestrator', email: 'iorch@localhost' };

async function aResult() {
  const [origin, work] = [anOrigin(), temporaryFolder()];
  const repository = await openCachedRepository(path.join(work, 'cache'), { remote: origin.folder });
  const attempt = async (text: string) => {
    const worktree = await addWorktree(repository, path.join(work, 'worktrees', text));
    writeFiles(worktree.root, { 'a.txt': text });
    const commit = await commitResult(worktree, { sessionId: 'S1', title: text, author });
    return { gitDir: repository.gitDir, branch: 'iorch/S1', commit };
  };
  const inOrigin = (ref: string) => gitIn(origin.folder, 'for-each-ref', '--format=%(objectname)', `refs/heads/${ref}`);
  return { origin, attempt, inOrigin };
}

describe('a result branch', () => {
  it('is in the cache and not in the repository it came from', async () => {
    const { attempt, inOrigin } = await aResult();
    const result = await attempt('one');
    await keepResultBranch(result);
    expect(gitIn(result.gitDir, 'rev-parse', 'refs/heads/iorch/S1')).toBe(result.commit);
    expect(inOrigin('iorch/S1')).toBe('');
  });

  it('moves to the commit of the newest attempt', async () => {
    const { attempt } = await aResult();
    await keepResultBranch(await attempt('one'));
    const second = await attempt('two');
    await keepResultBranch(second);
    expect(gitIn(second.gitDir, 'rev-parse', 'iorch/S1')).toBe(second.commit);
  });

  it('needs a name that a branch can have', async () => {
    const { attempt } = await aResult();
    const result = { ...(await attempt('one')), branch: 'a..b' };
    await expect(keepResultBranch(result)).rejects.toMatchObject({ code: 'REPOSITORY_REFUSED', retryable: false });
  });
});

describe('a pushed result branch', () => {
  it('appears in the repository it came from', async () => {
    const { origin, attempt, inOrigin } = await aResult();
    const result = await attempt('one');
    await pushResultBranch(result, origin.folder, 'S1');
    expect(inOrigin('iorch/S1')).toBe(result.commit);
  });

  it('replaces what an earlier attempt of the same session pushed', async () => {
    const { origin, attempt, inOrigin } = await aResult();
    await pushResultBranch(await attempt('one'), origin.folder, 'S1');
    const second = await attempt('two');
    await pushResultBranch(second, origin.folder, 'S1');
    expect(inOrigin('iorch/S1')).toBe(second.commit);
  });

  it("never replaces somebody else's commits", async () => {
    const { origin, attempt, inOrigin } = await aResult();
    const foreign = origin.commit('foreign');
    gitIn(origin.folder, 'branch', 'iorch/S1');
    const pushing = pushResultBranch(await attempt('one'), origin.folder, 'S1');
    await expect(pushing).rejects.toMatchObject({ code: 'AGENT_EXECUTION_FAILED', retryable: false });
    expect(inOrigin('iorch/S1')).toBe(foreign);
  });

  it('tells what the repository said about a refusal from the beginning of a line', async () => {
    const { origin, attempt } = await aResult();
    const hook = path.join(gitIn(origin.folder, 'rev-parse', '--absolute-git-dir'), 'hooks/pre-receive');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\nfor i in $(seq 40); do echo "rule $i is not kept" >&2; done; exit 1\n`, {
      mode: 0o755,
    });
    await expect(pushResultBranch(await attempt('one'), origin.folder, 'S1')).rejects.toMatchObject({
      message: expect.stringMatching(/could not be pushed: … remote: rule \d+ is not kept/),
    });
  });
});

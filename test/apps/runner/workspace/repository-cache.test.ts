import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCachedRepository, openEmptyRepository } from '#apps/runner/workspace/repository-cache';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';

const refusal = { code: 'REPOSITORY_REFUSED', retryable: false };

describe('the repository cache', () => {
  it("resolves to the remote's HEAD without a ref", async () => {
    const origin = anOrigin();
    const { baseCommit } = await openCachedRepository(temporaryFolder(), { remote: origin.folder });
    expect(baseCommit).toBe(origin.first);
  });

  it('keeps one bare repository per remote and fetches what is new', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    const before = await openCachedRepository(cache, { remote: origin.folder });
    const second = origin.commit('second');
    const after = await openCachedRepository(cache, { remote: origin.folder });
    expect(after).toEqual({ gitDir: before.gitDir, baseCommit: second });
    expect(readdirSync(cache)).toHaveLength(1);
    expect(gitIn(after.gitDir, 'rev-parse', '--is-bare-repository')).toBe('true');
  });

  it('resolves branches, tags and commits, a branch before a tag of the same name', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    gitIn(origin.folder, 'tag', '-a', 'v1', '-m', 'v1');
    gitIn(origin.folder, 'tag', 'both');
    const second = origin.commit('second');
    gitIn(origin.folder, 'branch', 'both');
    gitIn(origin.folder, 'branch', 'feature/x');
    const resolve = async (ref: string) =>
      (await openCachedRepository(cache, { remote: origin.folder, ref })).baseCommit;
    const refs = ['main', 'refs/heads/main', 'feature/x', 'both', second.slice(0, 10)];
    for (const ref of refs) expect([ref, await resolve(ref)]).toEqual([ref, second]);
    for (const ref of ['v1', 'refs/tags/v1', origin.first])
      expect([ref, await resolve(ref)]).toEqual([ref, origin.first]);
  });

  it('needs no remote for a commit that it already has', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    await openCachedRepository(cache, { remote: origin.folder });
    gitIn(origin.folder, 'update-ref', '-d', 'HEAD');
    const { baseCommit } = await openCachedRepository(cache, { remote: origin.folder, ref: origin.first });
    expect(baseCommit).toBe(origin.first);
  });

  it('refuses an unknown ref, a missing repository and one without commits', async () => {
    const [cache, origin, empty] = [temporaryFolder(), anOrigin(), temporaryFolder()];
    gitIn(empty, 'init', '--quiet', '--bare');
    const open = (remote: string, ref?: string) => openCachedRepository(cache, { remote, ref });
    await expect(open(origin.folder, 'nowhere')).rejects.toMatchObject(refusal);
    await expect(open(origin.folder, 'nowhere')).rejects.toThrow('no branch, tag or commit "nowhere"');
    await expect(open(path.join(empty, 'missing'))).rejects.toMatchObject(refusal);
    await expect(open(empty)).rejects.toThrow('no commit yet');
  });

  it('does not take its own result branches for refs of the remote', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    const { gitDir } = await openCachedRepository(cache, { remote: origin.folder });
    gitIn(gitDir, 'branch', 'iorch/earlier', origin.first);
    await expect(openCachedRepository(cache, { remote: origin.folder, ref: 'iorch/earlier' })).rejects.toMatchObject(
      refusal,
    );
  });

  it('makes a damaged repository anew', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    const { gitDir } = await openCachedRepository(cache, { remote: origin.folder });
    writeFiles(gitDir, { HEAD: 'nonsense' });
    expect((await openCachedRepository(cache, { remote: origin.folder })).baseCommit).toBe(origin.first);
  });

  it('serves several sessions at the same time', async () => {
    const [cache, origin] = [temporaryFolder(), anOrigin()];
    const opened = await Promise.all([1, 2, 3, 4].map(() => openCachedRepository(cache, { remote: origin.folder })));
    expect(new Set(opened.map(({ baseCommit }) => baseCommit))).toEqual(new Set([origin.first]));
  });

  it('has the same empty commit on every runner for sessions without a repository', async () => {
    const [one, other] = [await openEmptyRepository(temporaryFolder()), await openEmptyRepository(temporaryFolder())];
    expect(one.baseCommit).toBe(other.baseCommit);
    expect(gitIn(one.gitDir, 'ls-tree', one.baseCommit)).toBe('');
    expect(existsSync(one.gitDir)).toBe(true);
  });
});

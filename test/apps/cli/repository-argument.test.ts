import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repositoryArgument } from '#apps/cli/repository-argument';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'iorch repository-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
const aRepository = () => {
  git('init', '--quiet', '--initial-branch', 'main');
  mkdirSync(join(folder, 'packages/app'), { recursive: true });
  writeFileSync(join(folder, 'packages/app/a.txt'), 'a\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  return git('rev-parse', 'HEAD');
};

describe('--repo', () => {
  it.each([
    'https://example.com/a/b.git',
    'git@example.com:team/app.git',
    'ssh://git@example.com/a.git',
    'git://example.com/a',
    'file:///srv/a',
  ])('takes the URL %s as it is', async (url) => {
    expect(await repositoryArgument(url)).toEqual({ repository_url: url });
    expect(await repositoryArgument(url, 'v1')).toEqual({ repository_url: url, ref: 'v1' });
  });

  it('takes a path as the file URL of its repository at HEAD', async () => {
    const commit = aRepository();
    expect(await repositoryArgument(folder)).toEqual({ repository_url: pathToFileURL(folder).href, ref: commit });
    expect(pathToFileURL(folder).href).toContain('%20');
  });

  it('takes a folder below the root as the subdirectory', async () => {
    aRepository();
    expect(await repositoryArgument(join(folder, 'packages/app'))).toMatchObject({
      repository_url: pathToFileURL(folder).href,
      subdirectory: 'packages/app',
    });
  });

  it('resolves a ref of a path to its commit', async () => {
    const commit = aRepository();
    git('tag', 'v1');
    writeFileSync(join(folder, 'b.txt'), 'b\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'second');
    expect(await repositoryArgument(folder, 'v1')).toMatchObject({ ref: commit });
  });

  it('warns when files are not committed', async () => {
    const commit = aRepository();
    writeFileSync(join(folder, 'packages/app/a.txt'), 'changed\n');
    writeFileSync(join(folder, 'new.txt'), 'new\n');
    expect(await repositoryArgument(folder)).toMatchObject({
      ref: commit,
      warning: `2 uncommitted changes are not part of the session; it works on ${commit.slice(0, 10)}.`,
    });
  });

  it('takes a bare repository', async () => {
    const commit = aRepository();
    const bare = join(folder, 'bare.git');
    git('clone', '--quiet', '--bare', folder, bare);
    expect(await repositoryArgument(bare)).toEqual({ repository_url: pathToFileURL(bare).href, ref: commit });
  });

  it('refuses a folder without a repository, a repository without a commit, a ref and a folder that do not exist', async () => {
    await expect(repositoryArgument(folder)).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining('not inside a git'),
    });
    git('init', '--quiet');
    await expect(repositoryArgument(folder)).rejects.toMatchObject({
      message: expect.stringContaining('no commit yet'),
    });
    aRepository();
    await expect(repositoryArgument(folder, 'gone')).rejects.toMatchObject({
      message: expect.stringContaining('no commit gone'),
    });
    await expect(repositoryArgument(join(folder, 'gone'))).rejects.toMatchObject({
      message: expect.stringContaining('no folder'),
    });
  });
});

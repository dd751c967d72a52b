import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffBetween } from '#apps/runner/workspace/result-diff';
import { anOrigin, gitIn, temporaryFolder, writeFiles } from '#test/support/git-world';

const limit = 128 * 1024;
const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, index) => `${word} ${index}\n`).join('');

/** The diff of what `change` does to a repository with these files. */
async function diffOf(files: Record<string, string | Buffer>, change: (folder: string) => void, maxBytes = limit) {
  const origin = anOrigin(files);
  change(origin.folder);
  const to = origin.commit('change');
  return { origin, ...(await diffBetween(origin.folder, origin.first, to, maxBytes)) };
}

describe('the diff of a result', () => {
  it('names new, changed, deleted and renamed files with their line counts', async () => {
    const { files, text, isCut } = await diffOf(
      { 'changed.txt': 'one\ntwo\n', 'deleted.txt': 'x\n', 'old name.txt': lines(20) },
      (folder) => {
        writeFiles(folder, { 'changed.txt': 'one\n2\n', 'ünïcode.txt': 'new\n' });
        rmSync(path.join(folder, 'deleted.txt'));
        renameSync(path.join(folder, 'old name.txt'), path.join(folder, 'new name.txt'));
      },
    );
    const told = files.map(({ path: name, status, previousPath, additions, deletions }) => [
      name,
      status,
      previousPath,
      additions,
      deletions,
    ]);
    expect(told.sort()).toEqual([
      ['changed.txt', 'modified', undefined, 1, 1],
      ['deleted.txt', 'deleted', undefined, 0, 1],
      ['new name.txt', 'renamed', 'old name.txt', 0, 0],
      ['ünïcode.txt', 'added', undefined, 1, 0],
    ]);
    expect(text).toContain('+++ b/ünïcode.txt');
    expect(text).toContain('rename to new name.txt');
    expect(isCut).toBe(false);
  });

  it('can be applied', async () => {
    const { origin, text } = await diffOf({ 'a.txt': lines(50) }, (folder) => {
      writeFiles(folder, { 'a.txt': lines(50).replace('line 25', 'diff --git a/x b/x'), 'b/c.txt': '@@ -1 +1 @@\n' });
    });
    const other = temporaryFolder();
    gitIn(other, 'clone', '--quiet', origin.folder, 'clone');
    const clone = path.join(other, 'clone');
    gitIn(clone, 'checkout', '--quiet', origin.first);
    writeFiles(other, { 'the.diff': text });
    gitIn(clone, 'apply', '--index', '../the.diff');
    expect(gitIn(clone, 'write-tree')).toBe(gitIn(origin.folder, 'rev-parse', 'main^{tree}'));
  });

  it('shows binary files by name and sizes only', async () => {
    const { files, text } = await diffOf({ 'logo.png': Buffer.from([0, 1, 2]) }, (folder) => {
      writeFiles(folder, { 'logo.png': Buffer.alloc(10) });
    });
    expect(files).toMatchObject([{ path: 'logo.png', binary: true, sizeBefore: 3, sizeAfter: 10 }]);
    expect(text).toContain('Binary files a/logo.png and b/logo.png differ (3 -> 10 bytes)');
  });

  it('leaves the hunks of what does not fit out, keeps the counts and marks the place', async () => {
    const change = (folder: string) =>
      writeFiles(folder, {
        'a-small.txt': 'small\n',
        'big.txt': lines(5_000, 'a longer line of text'),
        'z-small.txt': 'small\n',
      });
    const { files, text, isCut } = await diffOf({}, change, 10_000);
    expect(isCut).toBe(true);
    expect(text).toContain('+++ b/big.txt\n[hunks left out: 5000 additions, 0 deletions]\n');
    expect(text.match(/^\+small$/gm)).toHaveLength(2);
    expect(files.find(({ path: name }) => name === 'big.txt')?.additions).toBe(5_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(10_000);
  });

  it('stays within its limit when there are more files than fit', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.txt`, lines(20)]));
    const { files, text } = await diffOf({}, (folder) => writeFiles(folder, many), 5_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5_000);
    expect(text).toMatch(/\[\d+ more files left out: the diff is too large\]\n$/);
    expect(files).toHaveLength(300);
  });

  it('is empty when nothing changed', async () => {
    expect(await diffOf({}, () => undefined)).toMatchObject({ files: [], text: '', isCut: false });
  });
});

import { describe, expect, it } from 'vitest';
import { diffStat } from '#apps/cli/output/diff-stat';

describe('the changed files', () => {
  it('are listed with their added and deleted lines', () => {
    const text = diffStat([
      { path: 'src/hello.js', status: 'added', additions: 12, deletions: 0 },
      { path: 'README.md', status: 'modified', additions: 2, deletions: 1 },
      { path: 'b.txt', old_path: 'a.txt', status: 'renamed', additions: 0, deletions: 0 },
      { path: 'logo.png', status: 'modified', additions: 0, deletions: 0, binary: true },
    ]);
    expect(text.split('\n')).toEqual([
      ' src/hello.js (added) | 12 ++++++++++++',
      ' README.md            |  3 ++-',
      ' a.txt → b.txt        |  0',
      ' logo.png             | binary',
      ' 4 files changed, 14 added, 1 deleted',
    ]);
  });

  it('keep large changes within the line, and show small ones beside them', () => {
    const [large, small] = diffStat([
      { path: 'a', status: 'modified', additions: 3000, deletions: 1000 },
      { path: 'b', status: 'modified', additions: 1, deletions: 1 },
    ]).split('\n');
    expect(large).toBe(` a | 4000 ${'+'.repeat(30)}${'-'.repeat(10)}`);
    expect(small).toBe(' b |    2 +-');
  });

  it('may be none', () => {
    expect(diffStat([])).toBe('no file changed');
  });
});

/** How one file changed. Sizes are bytes, 0 where there is no file; a binary file has no line counts. */
export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'deleted' | 'modified' | 'renamed';
  readonly previousPath?: string;
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

const statuses: Record<string, FileChange['status']> = { A: 'added', C: 'added', D: 'deleted', R: 'renamed' };

/** Joins what `git diff --raw -z` and `git diff --numstat -z` say of the same two commits. */
export function parseChanges(raw: string, numstat: string, sizes: ReadonlyMap<string, number>): FileChange[] {
  const counts = countsOf(numstat);
  const fields = raw.split('\0');
  const changes: FileChange[] = [];
  for (let at = 0; fields[at]; ) {
    const [, , before = '', after = '', letters = ''] = fields[at]?.split(' ') ?? [];
    const status = statuses[letters.charAt(0)] ?? 'modified';
    const hasTwoPaths = /^[RC]/.test(letters);
    const [first = '', second = ''] = fields.slice(at + 1, at + 3);
    const path = hasTwoPaths ? second : first;
    at += hasTwoPaths ? 3 : 2;
    changes.push({
      path,
      status,
      ...(status === 'renamed' ? { previousPath: first } : {}),
      ...(counts.get(path) ?? { additions: 0, deletions: 0, binary: false }),
      sizeBefore: sizes.get(before) ?? 0,
      sizeAfter: sizes.get(after) ?? 0,
    });
  }
  return changes;
}

type LineCounts = Pick<FileChange, 'additions' | 'deletions' | 'binary'>;

/** Line counts by the file's new path. Renamed files spread over three fields, the first with an empty path. */
function countsOf(numstat: string): Map<string, LineCounts> {
  const fields = numstat.split('\0');
  const counts = new Map<string, LineCounts>();
  for (let at = 0; fields[at]; ) {
    const [, added = '', deleted = '', inline = ''] = /^(\S+)\t(\S+)\t([\s\S]*)$/.exec(fields[at] ?? '') ?? [];
    const path = inline === '' ? (fields[at + 2] ?? '') : inline;
    at += inline === '' ? 3 : 1;
    counts.set(path, { additions: Number(added) || 0, deletions: Number(deleted) || 0, binary: added === '-' });
  }
  return counts;
}

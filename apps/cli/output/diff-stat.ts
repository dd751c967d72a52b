import type { FileChange } from '#contracts/session-result';
import { count } from './quantities.ts';
import { oneLine } from './visible.ts';

const barWidth = 40;

/** The changed files with their added and deleted lines, as git shows them. */
export const diffStat = (files: readonly FileChange[]): string => {
  if (files.length === 0) return 'no file changed';
  const names = files.map(nameOf);
  const width = Math.max(...names.map((name) => name.length));
  const most = Math.max(...files.map(({ additions, deletions }) => additions + deletions));
  const digits = String(most).length;
  const lines = files.map((file, index) => {
    const size = file.binary
      ? 'binary'
      : `${String(file.additions + file.deletions).padStart(digits)} ${bar(file, most)}`;
    return ` ${(names[index] ?? '').padEnd(width)} | ${size}`.trimEnd();
  });
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return [...lines, ` ${count(files.length, 'file')} changed, ${additions} added, ${deletions} deleted`].join('\n');
};

const nameOf = ({ path, old_path, status }: FileChange) => {
  const name = oneLine(old_path === undefined ? path : `${old_path} → ${path}`);
  return status === 'added' || status === 'deleted' ? `${name} (${status})` : name;
};

/** Never longer than the width, and never empty for a change. */
const bar = ({ additions, deletions }: FileChange, most: number) => {
  const scale = Math.min(1, barWidth / Math.max(1, most));
  const signs = (sign: string, lines: number) => sign.repeat(lines === 0 ? 0 : Math.max(1, Math.floor(lines * scale)));
  return signs('+', additions) + signs('-', deletions);
};

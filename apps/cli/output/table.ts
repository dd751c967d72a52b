import { cut } from './cut.ts';
import { oneLine } from './visible.ts';

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  readonly align?: 'right';
}

/** Rows in aligned columns under a title line, each on one line. The last column is cut at the width, if one is given. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], width?: number): string => {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => oneLine(of(row))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => [...(line[index] ?? '')].length)));
  return cells
    .map((line) => line.map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align)).join('  '))
    .map((line) => line.trimEnd())
    .map((line) => (width === undefined ? line : cut(line, width)))
    .join('\n');
};

/** Names and values in two columns; a value that is undefined leaves its line out. */
export const fields = (pairs: readonly (readonly [name: string, value: string | undefined])[]): string => {
  const known = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(value)}`).join('\n');
};

const padded = (text: string, width: number, align?: 'right') => {
  const missing = ' '.repeat(Math.max(0, width - [...text].length));
  return align === 'right' ? missing + text : text + missing;
};

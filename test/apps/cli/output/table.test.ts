import { describe, expect, it } from 'vitest';
import { fields, table } from '#apps/cli/output/table';

describe('a table', () => {
  const columns = [
    { title: 'NAME', of: (row: { name: string; lines: number }) => row.name },
    { title: 'LINES', of: (row: { name: string; lines: number }) => String(row.lines), align: 'right' as const },
    { title: 'NOTE', of: () => 'a longer note' },
  ];

  it('aligns its columns', () => {
    expect(
      table(columns, [
        { name: 'grün', lines: 5 },
        { name: 'b', lines: 1234 },
      ]),
    ).toBe(['NAME  LINES  NOTE', 'grün      5  a longer note', 'b      1234  a longer note'].join('\n'));
  });

  it('has its title line without rows', () => {
    expect(table(columns, [])).toBe('NAME  LINES  NOTE');
  });

  it('is cut at the width of the terminal', () => {
    expect(table(columns, [{ name: 'a', lines: 1 }], 20).split('\n')[1]).toBe('a         1  a long…');
  });
});

describe('fields', () => {
  it('are aligned, and left out where there is no value', () => {
    expect(
      fields([
        ['status', 'failed'],
        ['rate', undefined],
        ['id', '1'],
      ]),
    ).toBe('status  failed\nid      1');
  });
});

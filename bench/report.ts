import type { Results } from './results.ts';
import type { Findings, Section } from './section.ts';

const cell = (value: string | number) => String(value).replaceAll('|', '\\|');
const row = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`;

const sectionOf = ({ id, title, comparedTo, repeat }: Section, results: Results): string[] => {
  const findings = results[id];
  const heading = [`## ${title}`, '', comparedTo, ''];
  if (findings === undefined) return [...heading, `Not measured yet: \`${repeat}\`.`, ''];
  const { columns, rows, beyond, remark, measured_on } = findings;
  return [
    ...heading,
    row(columns),
    `|${columns.map((_, index) => (index === 0 ? '---' : '--:')).join('|')}|`,
    ...rows.map(row),
    '',
    ...(remark ? [remark, ''] : []),
    beyond.length === 0 ? 'Nothing is beyond a limit.' : `Beyond a limit: ${beyond.join('; ')}.`,
    `Measured ${measured_on}; again: \`${repeat}\`.`,
    '',
  ];
};

/** docs/performance.md. */
export const performanceDocument = (sections: readonly Section[], results: Results): string =>
  [
    '# How fast, how small',
    '',
    'Written by `npm run bench`; do not edit. Counts are exact and the same on every machine. Times were taken on a shared machine with two',
    'cores, so only the ratios between figures of one run mean something elsewhere. Nothing here was measured on AWS: real cold starts and',
    'real throttling are not in these figures.',
    '',
    ...sections.flatMap((section) => sectionOf(section, results)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');

/** The findings for a terminal. */
export const printFindings = ({ title }: Section, { columns, rows, beyond, remark }: Findings): void => {
  const table = [columns, ...rows].map((cells) => cells.map(String));
  const widths = columns.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, index) => (index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join('  ');
  console.log([`\n${title}`, ...table.map(line), ...(remark ? [remark] : [])].join('\n'));
  for (const each of beyond) console.log(`beyond its limit: ${each}`);
};

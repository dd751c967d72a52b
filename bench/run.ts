/**
 * `npm run bench`: counts and ratios, as a table, in bench/results.json and in docs/performance.md.
 * Names after `--` choose sections; `all` adds those that start local clouds and take minutes. Ends with 1 when a figure is beyond its limit.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { performanceDocument, printFindings } from './report.ts';
import { keepFindings } from './results.ts';
import { sections } from './sections.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const known = [...sections.map(({ id }) => id), 'all'];
const unknown = positionals.find((name) => !known.includes(name));
if (unknown) throw new Error(`there is no section ${unknown}; there are ${known.join(', ')}`);

const isChosen = ({ id, isLong }: (typeof sections)[number]) =>
  positionals.length === 0 ? !isLong : positionals.includes('all') || positionals.includes(id);

for (const section of sections.filter(isChosen)) {
  const findings = await section.measure();
  printFindings(section, findings);
  const results = keepFindings(section.id, findings);
  writeFileSync(path.join(import.meta.dirname, '../docs/performance.md'), performanceDocument(sections, results));
  if (findings.beyond.length > 0) process.exitCode = 1;
}

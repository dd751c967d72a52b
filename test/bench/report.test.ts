import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { median } from '#bench/median';
import { performanceDocument } from '#bench/report';
import { readResults } from '#bench/results';
import { beyondLimits, type Section } from '#bench/section';
import { sections } from '#bench/sections';

const section: Section = {
  id: 'size',
  title: 'Size',
  comparedTo: 'Compared to nothing.',
  repeat: 'npm run bench -- size',
  isLong: false,
  measure: () => Promise.reject(new Error('not measured here')),
};
const findings = { columns: ['what', 'how much'], rows: [['a|b', 2]], beyond: [], measured_on: '2026-05-04' };

describe('docs/performance.md', () => {
  it('is made of the findings that are checked in (npm run bench makes it anew)', () => {
    const file = path.join(import.meta.dirname, '../../docs/performance.md');
    expect(readFileSync(file, 'utf8')).toBe(performanceDocument(sections, readResults()));
  });

  it('shows what was found, what it is compared to and how to repeat it', () => {
    const document = performanceDocument([section], { size: findings });
    expect(document).toContain('## Size\n\nCompared to nothing.\n\n| what | how much |\n|---|--:|\n| a\\|b | 2 |\n');
    expect(document).toContain('Nothing is beyond a limit.\nMeasured 2026-05-04; again: `npm run bench -- size`.');
  });

  it('says what is beyond its limit, and what was never measured', () => {
    const beyond = beyondLimits([
      { name: 'a', value: 3, limit: 2 },
      { name: 'b', value: 2, limit: 2 },
    ]);
    expect(performanceDocument([section], { size: { ...findings, beyond } })).toContain(
      'Beyond a limit: a: 3, 2 are allowed.',
    );
    expect(performanceDocument([section], {})).toContain('Not measured yet: `npm run bench -- size`.');
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(() => median([])).toThrow('no values');
  });
});

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherExact } from '#domain/evaluation/fisher-exact';

type Table = readonly [passed: number, observed: number, otherPassed: number, otherObserved: number];

const pOf = ([passed, observed, otherPassed, otherObserved]: Table) =>
  fisherExact({ passed, observed }, { passed: otherPassed, observed: otherObserved });

const group = (max: number) =>
  fc.nat({ max }).chain((observed) => fc.tuple(fc.nat({ max: observed }), fc.constant(observed)));
const tables = (max: number) =>
  fc.tuple(group(max), group(max)).map(([one, other]): Table => [one[0], one[1], other[0], other[1]]);

const python = spawnSync('python3', ['--version']).status === 0;

describe('the test of two shares', () => {
  it.each<{ table: Table; p: number }>([
    { table: [8, 10, 1, 6], p: 0.03496503497 },
    { table: [3, 4, 1, 4], p: 0.4857142857 },
    { table: [10, 10, 0, 10], p: 1.082508822e-5 },
    { table: [17, 20, 13, 20], p: 0.2733430475 },
    { table: [45, 50, 30, 50], p: 0.0009668432031 },
    { table: [450, 500, 420, 500], p: 0.006227146308 },
    { table: [95, 100, 170, 200], p: 0.01226380074 },
    { table: [900, 1000, 4300, 5000], p: 0.0005236319873 },
    { table: [0, 5, 0, 7], p: 1 },
    { table: [5, 5, 7, 7], p: 1 },
    { table: [0, 0, 3, 7], p: 1 },
  ])('of $table has the p-value $p', ({ table, p }) => expect(pOf(table)).toBeCloseTo(p, 10));

  it('is a probability, and does not hang on who is first or on what counts as passed', () => {
    fc.assert(
      fc.property(tables(60), (table) => {
        const [a, n, c, m] = table;
        expect(pOf(table)).toBeGreaterThan(0);
        expect(pOf(table)).toBeLessThanOrEqual(1);
        expect(pOf([c, m, a, n])).toBeCloseTo(pOf(table), 10);
        expect(pOf([n - a, n, m - c, m])).toBeCloseTo(pOf(table), 10);
      }),
    );
  });

  it.skipIf(!python)('is the exact one, as whole numbers have it in Python', () => {
    const asked = fc.sample(tables(120), 200);
    const script = path.join(import.meta.dirname, 'fisher_exact.py');
    const { stdout } = spawnSync('python3', [script], { input: JSON.stringify(asked), encoding: 'utf8' });
    const exact = JSON.parse(stdout) as number[];
    expect(exact).toHaveLength(asked.length);
    for (const [index, table] of asked.entries()) expect(pOf(table)).toBeCloseTo(exact[index] ?? Number.NaN, 8);
  });

  it('bears tens of thousands of sessions', () => {
    expect(pOf([9000, 10_000, 36_000, 40_000])).toBeCloseTo(1, 6);
    expect(pOf([9500, 10_000, 36_000, 40_000])).toBeLessThan(1e-40);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, type PairResult } from '#domain/evaluation/compare';
import { wilsonInterval } from '#domain/evaluation/interval';
import { mcNemar } from '#domain/evaluation/mc-nemar';

const pairsOf = (both: number, candidateOnly: number, baselineOnly: number, neither: number): PairResult[] => [
  ...Array.from({ length: both }, () => ({ candidate: true, baseline: true })),
  ...Array.from({ length: candidateOnly }, () => ({ candidate: true, baseline: false })),
  ...Array.from({ length: baselineOnly }, () => ({ candidate: false, baseline: true })),
  ...Array.from({ length: neither }, () => ({ candidate: false, baseline: false })),
];

const four = (value: number | undefined) => Number(value?.toFixed(4));

describe('two models beside each other', () => {
  it('are not told apart by five pairs against one', () => {
    const { candidate, baseline, pValue, verdict, ...counts } = compare(pairsOf(12, 5, 1, 2));
    expect(counts).toEqual({ both: 12, candidateOnly: 5, baselineOnly: 1, neither: 2 });
    expect([candidate.passed, candidate.passRate, candidate.interval?.map(four)]).toEqual([17, 0.85, [0.6396, 0.9476]]);
    expect([baseline.passed, baseline.passRate, baseline.interval?.map(four)]).toEqual([13, 0.65, [0.4329, 0.8188]]);
    expect([four(pValue), verdict]).toEqual([0.2188, 'not_distinguishable']);
  });

  it('are told apart by eight pairs against one', () => {
    const { candidate, baseline, pValue, verdict } = compare(pairsOf(10, 8, 1, 1));
    expect([candidate.passed, candidate.passRate, candidate.interval?.map(four)]).toEqual([18, 0.9, [0.699, 0.9721]]);
    expect([baseline.passed, baseline.passRate, baseline.interval?.map(four)]).toEqual([11, 0.55, [0.3421, 0.7418]]);
    expect([four(pValue), verdict]).toEqual([0.0391, 'better']);
  });

  it.each([
    [6, 0, 0.0313, 'better'],
    [0, 6, 0.0313, 'worse'],
    [5, 0, 0.0625, 'not_distinguishable'],
    [0, 0, 1, 'not_distinguishable'],
  ])('with %i only of the candidate and %i only of the baseline: p %d, %s', (b, c, p, verdict) => {
    const found = compare(pairsOf(3, b, c, 3));
    expect(four(found.pValue)).toBe(p);
    expect(found.verdict).toBe(verdict);
  });

  it('have no rate, no interval and no verdict without a pair', () => {
    const nothing = { passed: 0, pairs: 0 };
    const counts = { both: 0, candidateOnly: 0, baselineOnly: 0, neither: 0 };
    expect(compare([])).toEqual({ candidate: nothing, baseline: nothing, ...counts });
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });

  it('swap their verdicts when they swap their places, and every pair is counted once', () => {
    const opposite = { better: 'worse', worse: 'better', not_distinguishable: 'not_distinguishable' } as const;
    const pairs = fc.array(fc.record({ candidate: fc.boolean(), baseline: fc.boolean() }), { minLength: 1 });
    fc.assert(
      fc.property(pairs, (results) => {
        const one = compare(results);
        const other = compare(results.map(({ candidate, baseline }) => ({ candidate: baseline, baseline: candidate })));
        expect(other.verdict).toBe(one.verdict && opposite[one.verdict]);
        expect(one.both + one.candidateOnly + one.baselineOnly + one.neither).toBe(results.length);
        expect(one.candidate).toEqual(other.baseline);
      }),
    );
  });
});

describe('the interval of a share', () => {
  it('holds the share, lies within 0 and 1, and gets narrower with more observations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (observed, share) => {
        const passed = Math.round(share * observed);
        const [low, high] = wilsonInterval(passed, observed) ?? expect.fail();
        const [narrowLow, narrowHigh] = wilsonInterval(passed * 10, observed * 10) ?? expect.fail();
        expect(low).toBeLessThanOrEqual(passed / observed + 1e-12);
        expect(high).toBeGreaterThanOrEqual(passed / observed - 1e-12);
        expect(Math.min(low, 1 - high)).toBeGreaterThanOrEqual(0);
        expect(narrowHigh - narrowLow).toBeLessThan(high - low);
      }),
    );
  });
});

/** n over k, as a whole number. */
const choose = (n: number, k: number): bigint => {
  let found = 1n;
  for (let index = 1n; index <= BigInt(k); index++) found = (found * (BigInt(n) - index + 1n)) / index;
  return found;
};

describe('the test of differing pairs', () => {
  it('is the exact one', () => {
    const SCALE = 10n ** 15n;
    fc.assert(
      fc.property(fc.nat({ max: 80 }), fc.nat({ max: 80 }), (b, c) => {
        let sum = 0n;
        for (let index = 0; index <= Math.min(b, c); index++) sum += choose(b + c, index);
        const exact = Number((2n * sum * SCALE) / 2n ** BigInt(b + c)) / Number(SCALE);
        expect(mcNemar(b, c)).toBeCloseTo(Math.min(1, exact), 9);
      }),
    );
  });

  it('bears thousands of pairs', () => {
    expect(mcNemar(2500, 2500)).toBeCloseTo(1, 9);
    expect(mcNemar(3000, 2000)).toBeLessThan(1e-40);
    expect(mcNemar(2540, 2460)).toBeCloseTo(0.2639, 3);
  });
});

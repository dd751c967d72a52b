import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { simulatedPair, simulatedPassRate } from '#domain/evaluation/simulated-score';

const { sha256 } = nodeDigest;
const hashes = Array.from({ length: 2000 }, (_, index) => sha256(`sample ${index}`));

describe('the score of a simulated model', () => {
  it('falls with its loss, and is never certain', () => {
    expect(simulatedPassRate(0.9802)).toBeCloseTo(0.60792, 10);
    expect(simulatedPassRate(0)).toBe(0.99);
    expect(simulatedPassRate(2.5)).toBe(0.01);
  });

  it('comes to about its share of items, for each of the two', () => {
    const pairs = hashes.map((hash) => simulatedPair(sha256, hash, { candidate: 0.5, baseline: 1.5 }));
    const share = (of: 'candidate' | 'baseline') => pairs.filter((pair) => pair[of]).length / pairs.length;
    expect(Math.abs(share('candidate') - 0.8)).toBeLessThan(0.03);
    expect(Math.abs(share('baseline') - 0.4)).toBeLessThan(0.03);
  });

  it('never lets the one with the greater loss pass alone, and always says the same', () => {
    const losses = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...hashes), losses, losses, (hash, candidate, baseline) => {
        const pair = simulatedPair(sha256, hash, { candidate, baseline });
        if (candidate >= baseline) expect(pair.candidate && !pair.baseline).toBe(false);
        expect(simulatedPair(sha256, hash, { candidate, baseline })).toEqual(pair);
      }),
    );
  });
});

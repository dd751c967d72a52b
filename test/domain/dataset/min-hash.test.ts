import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsOf, likeness, signatureOf } from '#domain/dataset/min-hash';
import { makeNearDuplicates, NEAR_LIKENESS } from '#domain/dataset/near-duplicates';

const words = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `w${from + index}`).join(' ');

describe('the signature of a text', () => {
  it('is the same for the same text, whatever its white space', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(likeness(signatureOf(text), signatureOf(`  ${text.replace(/\s/g, ' \n')}`))).toBe(1);
      }),
    );
  });

  it('is that of this machine and of every other', () => {
    expect([...signatureOf('say hello to ada and to eve').slice(0, 4)]).toEqual([15114, 40249, 34707, 373]);
  });

  it.each([
    [1, 0, 500],
    [0.8, 56, 556],
    [0.5, 167, 667],
    [0, 500, 1000],
  ])('shows about the likeness %d', (expected, from, to) => {
    const shown = likeness(signatureOf(words(0, 500)), signatureOf(words(from, to)));
    expect(Math.abs(shown - expected)).toBeLessThan(0.1);
  });

  it('shares a band with what is like it, and seldom with anything else', () => {
    const shares = (from: number) => {
      const own = new Set(bandsOf(signatureOf(words(0, 500))));
      return bandsOf(signatureOf(words(from, from + 500))).filter((band) => own.has(band)).length;
    };
    expect(shares(10)).toBeGreaterThan(5);
    expect(shares(500)).toBe(0);
  });
});

describe('the search for near duplicates', () => {
  it('finds what a comparison of all pairs finds', () => {
    const texts = Array.from({ length: 150 }, (_, index) => {
      const from = Math.floor(index / 3) * 400;
      return words(from + (index % 3) * 7, from + 300);
    });
    const signatures = texts.map(signatureOf);
    const kept: (typeof signatures)[number][] = [];
    const expected = signatures.map((one) => {
      const isNear = kept.some((other) => likeness(other, one) >= NEAR_LIKENESS);
      if (!isNear) kept.push(one);
      return isNear;
    });
    const { repeats } = makeNearDuplicates();
    expect(signatures.map(repeats)).toEqual(expected);
    expect(expected.filter(Boolean).length).toBeGreaterThan(80);
  });

  it('keeps many texts that share a bucket, and is not slowed down by them', () => {
    const { repeats } = makeNearDuplicates();
    const common = signatureOf(words(0, 300));
    const half = Array.from({ length: 100 }, (_, index) => {
      const mixed = Uint16Array.from(common, (value, place) => (place < 8 ? value : (index * 131 + place) & 0xffff));
      return repeats(mixed);
    });
    expect(half.every((near) => !near)).toBe(true);
  });
});

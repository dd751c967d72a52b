import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '#adapters/node/node-digest';
import { signatureOf } from '#domain/dataset/min-hash';
import { type Candidate, selectSamples } from '#domain/dataset/select-samples';
import { bucketOf, splitTrees } from '#domain/dataset/split';

const { sha256 } = nodeDigest;
const words = (count: number, word = 'w') => Array.from({ length: count }, (_, index) => `${word}${index}`).join(' ');

const aCandidate = (fields: Partial<Candidate> & { readonly text?: string } = {}): Candidate => {
  const { text = fields.sessionId ?? 'S1', ...rest } = fields;
  const sessionId = fields.sessionId ?? 'S1';
  return {
    sessionId,
    rootId: sessionId,
    successRate: 1,
    completedAt: '2026-05-04T12:00:00.000Z',
    contentHash: sha256(text),
    signature: signatureOf(text),
    ...rest,
  };
};

const select = (candidates: readonly Candidate[], limit = 1000, evalFraction = 0) =>
  selectSamples(candidates, { limit, split: { evalFraction, seed: 0 } }, sha256);
const ids = ({ chosen }: ReturnType<typeof select>) => chosen.map(({ sessionId }) => sessionId);

describe('the split', () => {
  it.each([
    [0, '01JD8X5YB2M0Q4V6T8W1Z3C5E7', 6348],
    [0, '01JD8X5YB2M0Q4V6T8W1Z3C5E9', 587],
    [0, '01JD8X5YB2M0Q4V6T8W1Z3C5EA', 163],
    [1, '01JD8X5YB2M0Q4V6T8W1Z3C5E7', 323],
  ])('with seed %i puts %s into bucket %i', (seed, rootId, bucket) => {
    expect(bucketOf(seed, rootId, sha256)).toBe(bucket);
    const parts = splitTrees([rootId], { evalFraction: 0.1, seed }, sha256);
    expect(parts.get(rootId)).toBe(bucket < 1000 ? 'eval' : 'train');
  });

  it('asks about the share that was asked for, within a point over 10,000 trees', () => {
    const roots = Array.from({ length: 10_000 }, (_, index) => `ROOT${index}`);
    fc.assert(
      fc.property(fc.nat(50), fc.nat(1000), (percent, seed) => {
        const parts = splitTrees(roots, { evalFraction: percent / 100, seed }, sha256);
        const share = [...parts.values()].filter((part) => part === 'eval').length / roots.length;
        expect(Math.abs(share - percent / 100)).toBeLessThan(0.01);
      }),
      { numRuns: 5, seed: 1 },
    );
  });

  it('moves the lowest tree to eval where none fell there, if two can share', () => {
    const [high, middle] = ['01JD8X5YB2M0Q4V6T8W1Z3C5E7', '01JD8X5YB2M0Q4V6T8W1Z3C5E9'];
    const parts = (roots: readonly string[], evalFraction: number) =>
      Object.fromEntries(splitTrees(roots, { evalFraction, seed: 0 }, sha256));
    expect(parts([high, middle], 0.01)).toEqual({ [high]: 'train', [middle]: 'eval' });
    expect(parts([high], 0.01)).toEqual({ [high]: 'train' });
    expect(parts([high, middle], 0)).toEqual({ [high]: 'train', [middle]: 'train' });
  });

  it('keeps children beside their root', () => {
    const children = Array.from({ length: 200 }, (_, index) =>
      aCandidate({ sessionId: `S${index}`, rootId: `R${index % 20}`, text: words(9, `t${index}-`) }),
    );
    const { chosen } = select(children, 1000, 0.3);
    const sides = new Map<string, Set<string>>();
    for (const { rootId, part } of chosen) sides.set(rootId, (sides.get(rootId) ?? new Set()).add(part));
    expect(chosen).toHaveLength(200);
    expect([...sides.values()].every(({ size }) => size === 1)).toBe(true);
    expect(new Set(chosen.map(({ part }) => part))).toEqual(new Set(['train', 'eval']));
  });
});

describe('of samples that say the same', () => {
  const same = { text: 'the same', completedAt: '2026-05-01T00:00:00.000Z' };

  it('the one with the highest rate is kept', () => {
    const three = [0.9, 1, 0.95].map((successRate, index) =>
      aCandidate({ ...same, sessionId: `S${index}`, successRate }),
    );
    expect(select(three)).toMatchObject({ chosen: [{ sessionId: 'S1' }], duplicates: 2, nearDuplicates: 0 });
  });

  it('with one rate the newer, and of one moment the smaller id is kept', () => {
    const newer = { ...same, completedAt: '2026-05-02T00:00:00.000Z' };
    const four = [
      aCandidate({ ...same, sessionId: 'S1' }),
      aCandidate({ ...newer, sessionId: 'S3' }),
      aCandidate({ ...newer, sessionId: 'S2' }),
    ];
    expect(ids(select(four))).toEqual(['S2']);
  });

  it('or nearly the same, one is kept and the rest is counted by itself', () => {
    const text = words(200);
    const near = [text, `${text} more`, text.replace('w7 ', 'x ')].map((one, index) =>
      aCandidate({ sessionId: `S${index}`, text: one }),
    );
    const other = aCandidate({ sessionId: 'S9', text: `${words(100)} ${words(100, 'v')}` });
    expect(select([...near, other])).toMatchObject({ duplicates: 0, nearDuplicates: 2, chosen: { length: 2 } });
  });
});

describe('the choice', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    aCandidate({
      sessionId: `S${String(index).padStart(2, '0')}`,
      text: words(12, `t${index % 25}-`),
      completedAt: `2026-05-${String(1 + (index % 7)).padStart(2, '0')}T00:00:00.000Z`,
      successRate: index % 3 === 0 ? 1 : 0.9,
    }),
  );

  it('cuts the oldest off and counts them', () => {
    const { chosen, overLimit } = select(many, 10);
    expect(chosen).toHaveLength(10);
    expect(overLimit).toBe(15);
    const all = select(many).chosen;
    expect(all.map(({ completedAt }) => completedAt)).toEqual(
      all
        .map(({ completedAt }) => completedAt)
        .toSorted()
        .toReversed(),
    );
    expect(chosen.map(({ sessionId }) => sessionId)).toEqual(all.slice(0, 10).map(({ sessionId }) => sessionId));
  });

  it('does not hang on the order in which sessions are read', () => {
    const expected = select(many, 20, 0.2);
    fc.assert(
      fc.property(fc.shuffledSubarray(many, { minLength: many.length }), (shuffled) => {
        expect(select(shuffled, 20, 0.2)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

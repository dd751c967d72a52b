import { describe, expect, it } from 'vitest';
import { type ScoredItem, type TrainedComparison, textScoresOf } from '#domain/evaluation/trained-comparison';

const item = (sessionId: string, candidate: number, baseline: number | null): ScoredItem => ({
  sessionId,
  contentHash: sessionId,
  candidate,
  baseline,
});
const comparison = (...items: readonly ScoredItem[]): TrainedComparison => ({
  evalLoss: { candidate: 1, baseline: 2 },
  accuracy: { candidate: null, baseline: null },
  items,
});

describe('likeness of texts', () => {
  const both = comparison(item('a', 1, 0.5), item('b', 0.5, 0), item('c', 0, 1));

  it('is a mean for each model', () => {
    expect(textScoresOf(both)).toEqual({ items: 3, candidateMean: 0.5, baselineMean: 0.5 });
  });

  it('leaves out what was replayed, for both', () => {
    expect(textScoresOf(both, (id) => id === 'c')).toEqual({ items: 2, candidateMean: 0.75, baselineMean: 0.25 });
  });

  it('has no baseline when one item has none: the means would be over other items', () => {
    expect(textScoresOf(comparison(item('a', 1, 0.5), item('b', 0, null)))).toEqual({ items: 2, candidateMean: 0.5 });
  });

  it('is of the first two hundred by hash that were not replayed, in whatever order they come', () => {
    const named = (index: number) => `s${String(index).padStart(3, '0')}`;
    // the replayed ones lie in front, and what comes behind the two hundredth of the rest does not count
    const all = Array.from({ length: 400 }, (_, index) => item(named(index), index < 300 ? 1 : 0, 0.5)).reverse();
    const replayed = new Set(Array.from({ length: 100 }, (_, index) => named(index)));
    const scores = { items: 200, candidateMean: 1, baselineMean: 0.5 };
    expect(textScoresOf(comparison(...all), (id) => replayed.has(id))).toEqual(scores);
  });

  it('is nothing of no items', () => {
    expect(textScoresOf(comparison())).toEqual({ items: 0 });
    expect(textScoresOf(both, () => true)).toEqual({ items: 0 });
  });
});

import type { TextScores } from './judge-gate.ts';

/** How alike the answer to one sample is to what was really done; null where there was no baseline to ask. */
export interface ScoredItem {
  readonly sessionId: string;
  readonly contentHash: string;
  readonly candidate: number;
  readonly baseline: number | null;
}

/** What the training program measured of the tuned model and of its baseline; null where it measured nothing. */
export interface TrainedComparison {
  readonly evalLoss: { readonly candidate: number | null; readonly baseline: number | null };
  readonly accuracy: { readonly candidate: number | null; readonly baseline: number | null };
  readonly items: readonly ScoredItem[];
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of more likeness says nothing new. */
const MOST_ITEMS = 200;

const byHash = (a: ScoredItem, b: ScoredItem): number => (a.contentHash < b.contentHash ? -1 : 1);

/** Means over the first items that were not replayed: what was really tried needs no likeness. Both means are over the same items. */
export const textScoresOf = (
  { items }: TrainedComparison,
  wasReplayed: (sessionId: string) => boolean = () => false,
): TextScores => {
  const others = items.filter(({ sessionId }) => !wasReplayed(sessionId));
  const left = others.toSorted(byHash).slice(0, MOST_ITEMS);
  if (left.length === 0) return { items: 0 };
  const compared = left.flatMap(({ baseline }) => (baseline === null ? [] : [baseline]));
  return {
    items: left.length,
    candidateMean: meanOf(left.map(({ candidate }) => candidate)),
    ...(compared.length === left.length && { baselineMean: meanOf(compared) }),
  };
};

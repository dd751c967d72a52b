import type { Sha256 } from '#domain/sha256';
import type { DatasetFilters, DatasetSplit } from './dataset.ts';
import type { Signature } from './min-hash.ts';
import { makeNearDuplicates } from './near-duplicates.ts';
import { type Part, splitTrees } from './split.ts';

/** What the choice among samples needs to know of one: everything but its text. */
export interface Candidate {
  readonly sessionId: string;
  readonly rootId: string;
  readonly successRate: number;
  /** ISO. */
  readonly completedAt: string;
  readonly contentHash: string;
  readonly signature: Signature;
}

export interface Selection<C extends Candidate> {
  /** Newest first, in the order of the lines. */
  readonly chosen: readonly (C & { readonly part: Part })[];
  readonly duplicates: number;
  readonly nearDuplicates: number;
  readonly overLimit: number;
}

const newerFirst = (a: Candidate, b: Candidate): number => {
  if (a.completedAt !== b.completedAt) return a.completedAt > b.completedAt ? -1 : 1;
  return a.sessionId < b.sessionId ? -1 : 1;
};

const betterFirst = (a: Candidate, b: Candidate): number => b.successRate - a.successRate || newerFirst(a, b);

/**
 * Of samples that say the same, or nearly, the best one is kept: the higher success rate, then the newer, then the smaller id.
 * What is left is cut to the limit from its old end and split. The order of the candidates makes no difference.
 */
export const selectSamples = <C extends Candidate>(
  candidates: readonly C[],
  { limit, split }: Pick<DatasetFilters, 'limit'> & { readonly split: DatasetSplit },
  sha256: Sha256,
): Selection<C> => {
  const seen = new Set<string>();
  const near = makeNearDuplicates();
  const kept: C[] = [];
  let duplicates = 0;
  let nearDuplicates = 0;
  for (const candidate of candidates.toSorted(betterFirst)) {
    if (seen.has(candidate.contentHash)) duplicates++;
    else if (near.repeats(candidate.signature)) nearDuplicates++;
    else kept.push(candidate);
    seen.add(candidate.contentHash);
  }
  const within = kept.toSorted(newerFirst).slice(0, limit);
  const parts = splitTrees(
    within.map(({ rootId }) => rootId),
    split,
    sha256,
  );
  return {
    chosen: within.map((candidate) => ({ ...candidate, part: parts.get(candidate.rootId) as Part })),
    duplicates,
    nearDuplicates,
    overLimit: kept.length - within.length,
  };
};

import { firstBytesOf, type Sha256 } from '#domain/sha256';
import type { DatasetSplit } from './dataset.ts';

export type Part = 'train' | 'eval';

const BUCKETS = 10_000;

/** 0 … 9,999, by the seed and the root of a session tree. */
export const bucketOf = (seed: number, rootId: string, sha256: Sha256): number =>
  firstBytesOf(sha256, `${seed}|${rootId}`) % BUCKETS;

/**
 * The part of each session tree, by its root, so that what belongs together is never asked about and learned from.
 * Where nothing falls into eval and at least two trees could share, the one with the lowest bucket does; of several, the smallest root.
 */
export const splitTrees = (
  rootIds: Iterable<string>,
  { evalFraction, seed }: DatasetSplit,
  sha256: Sha256,
): ReadonlyMap<string, Part> => {
  const trees = [...new Set(rootIds)].map((rootId) => ({ rootId, bucket: bucketOf(seed, rootId, sha256) }));
  const below = Math.round(evalFraction * BUCKETS);
  const parts = new Map<string, Part>(trees.map(({ rootId, bucket }) => [rootId, bucket < below ? 'eval' : 'train']));
  const [lowest, second] = trees.toSorted((a, b) => a.bucket - b.bucket || (a.rootId < b.rootId ? -1 : 1));
  if (lowest && second && evalFraction > 0 && lowest.bucket >= below) parts.set(lowest.rootId, 'eval');
  return parts;
};

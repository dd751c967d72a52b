import type { Sha256 } from '#domain/sha256';
import { unitOf } from '#domain/training-job/simulation';
import type { PairResult } from './compare.ts';

const LEAST = 0.01;
const MOST = 0.99;
const LOSS_WEIGHT = 0.4;

/** The share of items that a simulated model passes, by its loss. */
export const simulatedPassRate = (evalLoss: number): number =>
  Math.min(MOST, Math.max(LEAST, 1 - LOSS_WEIGHT * evalLoss));

/** Losses of the two models on the eval part. */
export interface EvalLosses {
  readonly candidate: number;
  readonly baseline: number;
}

/** What two simulated models make of an item. The item decides how hard it is, so that both are asked the same. */
export const simulatedPair = (sha256: Sha256, contentHash: string, losses: EvalLosses): PairResult => {
  const hardness = unitOf(sha256, `${contentHash}|score`);
  return {
    candidate: hardness < simulatedPassRate(losses.candidate),
    baseline: hardness < simulatedPassRate(losses.baseline),
  };
};

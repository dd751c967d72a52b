import { type Interval, wilsonInterval } from './interval.ts';
import { mcNemar } from './mc-nemar.ts';

/** What two models made of the same item: whether each of them passed. */
export interface PairResult {
  readonly candidate: boolean;
  readonly baseline: boolean;
}

export const VERDICTS = ['better', 'worse', 'not_distinguishable'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** How often one model passed. Rate and interval are unknown without a pair. */
export interface Score {
  readonly passed: number;
  readonly pairs: number;
  readonly passRate?: number | undefined;
  readonly interval?: Interval | undefined;
}

/** Two models beside each other. */
export interface Comparison {
  readonly candidate: Score;
  readonly baseline: Score;
  readonly both: number;
  readonly candidateOnly: number;
  readonly baselineOnly: number;
  readonly neither: number;
  readonly pValue?: number | undefined;
  readonly verdict?: Verdict | undefined;
}

const SIGNIFICANT = 0.05;

const scoreOf = (passed: number, pairs: number): Score => ({
  passed,
  pairs,
  ...(pairs === 0 ? {} : { passRate: passed / pairs, interval: wilsonInterval(passed, pairs) }),
});

/** What to think of a difference that comes by chance with this probability; above 0 it is in favor of the model judged. */
export const verdictOf = (pValue: number, difference: number): Verdict => {
  if (pValue >= SIGNIFICANT) return 'not_distinguishable';
  return difference > 0 ? 'better' : 'worse';
};

/** Compares two models over pairs of results, with how sure that is. Without a pair there is no verdict. */
export const compare = (results: readonly PairResult[]): Comparison => {
  const count = (candidate: boolean, baseline: boolean) =>
    results.filter((one) => one.candidate === candidate && one.baseline === baseline).length;
  const [both, candidateOnly, baselineOnly] = [count(true, true), count(true, false), count(false, true)];
  const pairs = results.length;
  const pValue = mcNemar(candidateOnly, baselineOnly);
  return {
    candidate: scoreOf(both + candidateOnly, pairs),
    baseline: scoreOf(both + baselineOnly, pairs),
    both,
    candidateOnly,
    baselineOnly,
    neither: pairs - both - candidateOnly - baselineOnly,
    ...(pairs === 0 ? {} : { pValue, verdict: verdictOf(pValue, candidateOnly - baselineOnly) }),
  };
};

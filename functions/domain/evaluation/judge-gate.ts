import type { Comparison } from './compare.ts';
import type { GateRules } from './gate-rules.ts';

export const OUTCOMES = ['passed', 'failed', 'insufficient_data', 'skipped'] as const;
/** What the comparison of a trained model came to. */
export type Outcome = (typeof OUTCOMES)[number];

export const BASES = ['replay', 'text', 'simulated'] as const;
/** What the models were compared by. */
export type Basis = (typeof BASES)[number];

/** How alike the answers of both models are to what was really done. */
export interface TextScores {
  readonly items: number;
  readonly candidateMean?: number | undefined;
  readonly baselineMean?: number | undefined;
}

/** All that rules look at. */
export interface Judged {
  readonly basis: Basis;
  readonly comparison: Comparison;
  readonly text: TextScores;
  readonly candidateLoss: number | null;
  readonly baselineLoss: number | null;
  readonly candidateAccuracy: number | null;
}

/** A rule with what it looked at. A value that nobody knows is null, and the rule is not held. */
export interface RuleResult {
  readonly name: string;
  readonly value: number | string | null;
  readonly threshold: number | string;
  readonly held: boolean;
}

/** Texts say something from so many on. */
const LEAST_TEXTS = 10;
/** What sums of decimal fractions may be off by. */
const ROUNDING = 1e-9;

const atLeast = (name: string, value: number | null | undefined, threshold: number): RuleResult => ({
  name,
  value: value ?? null,
  threshold,
  held: value !== null && value !== undefined && value >= threshold - ROUNDING,
});

const atMost = (name: string, value: number | null, threshold: number): RuleResult => ({
  name,
  value,
  threshold,
  held: value !== null && value <= threshold + ROUNDING,
});

const improvementOf = ({ candidate, baseline }: Comparison): number | null =>
  candidate.passRate === undefined || baseline.passRate === undefined ? null : candidate.passRate - baseline.passRate;

const verdictRules = ({ requireBetter }: GateRules, { verdict }: Comparison): RuleResult[] => {
  const value = verdict ?? null;
  const notWorse = { name: 'not_worse', value, threshold: 'not worse', held: value !== null && value !== 'worse' };
  const better = { name: 'require_better', value, threshold: 'better', held: value === 'better' };
  return requireBetter ? [notWorse, better] : [notWorse];
};

const textRules = ({ maxTextRegression }: GateRules, { items, candidateMean, baselineMean }: TextScores) =>
  items < LEAST_TEXTS || candidateMean === undefined || baselineMean === undefined
    ? []
    : [atLeast('max_text_regression', candidateMean, baselineMean - maxTextRegression)];

const lossRules = ({ maxLossRegression }: GateRules, { candidateLoss, baselineLoss }: Judged) =>
  candidateLoss === null || baselineLoss === null
    ? []
    : [atMost('max_loss_regression', candidateLoss, baselineLoss * (1 + maxLossRegression))];

const absoluteRules = ({ minPassRate, maxEvalLoss, minAccuracy }: GateRules, judged: Judged): RuleResult[] => [
  ...(minPassRate === null ? [] : [atLeast('min_pass_rate', judged.comparison.candidate.passRate, minPassRate)]),
  ...(maxEvalLoss === null ? [] : [atMost('max_eval_loss', judged.candidateLoss, maxEvalLoss)]),
  ...(minAccuracy === null ? [] : [atLeast('min_accuracy', judged.candidateAccuracy, minAccuracy)]),
];

/** Rules that need no pair of results, and may refuse a model that was never asked to do anything. */
const NEEDS_NO_PAIR: ReadonlySet<string> = new Set([
  'max_text_regression',
  'max_loss_regression',
  'max_eval_loss',
  'min_accuracy',
]);

const outcomeOf = (rules: readonly RuleResult[], { basis, comparison }: Judged, least: number): Outcome => {
  if (basis === 'text') {
    const isRefused = rules.some(({ name, value, held }) => !held && value !== null && NEEDS_NO_PAIR.has(name));
    return isRefused ? 'failed' : 'insufficient_data';
  }
  if (comparison.candidate.pairs < least) return 'insufficient_data';
  return rules.every(({ held }) => held) ? 'passed' : 'failed';
};

/**
 * Every rule that a model had to keep, and what follows. Text and loss can only refuse: without pairs of real work the
 * outcome is never `passed`.
 */
export const judgeGate = (gate: GateRules, judged: Judged): { outcome: Outcome; rules: readonly RuleResult[] } => {
  if (!gate.enabled) return { outcome: 'skipped', rules: [] };
  const { comparison } = judged;
  const rules = [
    atLeast('min_eval_samples', comparison.candidate.pairs, gate.minEvalSamples),
    ...verdictRules(gate, comparison),
    atLeast('min_improvement', improvementOf(comparison), gate.minImprovement),
    ...textRules(gate, judged.text),
    ...lossRules(gate, judged),
    ...absoluteRules(gate, judged),
  ];
  return { outcome: outcomeOf(rules, judged, gate.minEvalSamples), rules };
};

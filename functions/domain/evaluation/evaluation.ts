import type { Comparison, Score } from './compare.ts';
import type { Basis, Outcome, RuleResult, TextScores } from './judge-gate.ts';

/** A model with the name under which it was asked, and what it came to. */
export interface EvaluatedModel extends Score {
  readonly modelIdentifier: string | null;
}

/** How a trained model compares with the one that it would replace. */
export interface Evaluation extends Omit<Comparison, 'candidate' | 'baseline'> {
  readonly basis: Basis;
  readonly simulated: boolean;
  readonly outcome: Outcome;
  readonly candidate: EvaluatedModel;
  readonly baseline: EvaluatedModel;
  /** How many pairs were left out, by the reason. */
  readonly notReplayed: Readonly<Record<string, number>>;
  readonly text: TextScores;
  readonly rules: readonly RuleResult[];
  readonly at: string;
}

/** One item that both models were asked about. Sessions are named where they are real ones. */
export interface EvaluatedPair {
  /** The session that the item was made of. */
  readonly sessionId: string;
  readonly candidateSessionId: string | null;
  readonly baselineSessionId: string | null;
  readonly candidate: boolean;
  readonly baseline: boolean;
}

/** So many pairs are kept to be looked at; the counts are of all of them. */
export const KEPT_PAIRS = 200;

/** Rules of the comparison that a trained model has to pass. Absolute limits are off where they are null. */
export interface GateRules {
  readonly enabled: boolean;
  /** How many samples are replayed as sessions at most. */
  readonly replayItems: number;
  readonly replayMaxCostUsd: number;
  /** Under which name agents reach the candidate; `{version}` stands for its version. */
  readonly servingModelIdentifier: string | null;
  readonly baselineModelIdentifier: string | null;
  readonly minEvalSamples: number;
  readonly requireBetter: boolean;
  readonly minImprovement: number;
  readonly maxTextRegression: number;
  readonly maxLossRegression: number;
  readonly minPassRate: number | null;
  readonly maxEvalLoss: number | null;
  readonly minAccuracy: number | null;
  readonly autoPromote: boolean;
}

/** What a model has to pass when nobody says otherwise. */
export const DEFAULT_GATE: GateRules = {
  enabled: true,
  replayItems: 20,
  replayMaxCostUsd: 0.5,
  servingModelIdentifier: null,
  baselineModelIdentifier: null,
  minEvalSamples: 10,
  requireBetter: false,
  minImprovement: 0,
  maxTextRegression: 0.05,
  maxLossRegression: 0.02,
  minPassRate: null,
  maxEvalLoss: null,
  minAccuracy: null,
  autoPromote: false,
};

const VERSION_MARK = '{version}';

/** The name under which agents reach a version. */
export const servingName = (pattern: string | null, version: string): string | null =>
  pattern === null ? null : pattern.replaceAll(VERSION_MARK, version);

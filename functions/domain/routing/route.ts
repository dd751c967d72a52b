import { balancedScore, effectiveTier, type Score } from './balanced-score.ts';
import type { Candidate } from './candidate.ts';
import type { RoutingRequest } from './routing-request.ts';
import type { Stage } from './stage.ts';
import { matched, passStages, type StageCount } from './stages.ts';

/** Who gets the work, who would be next, and why. */
export interface Decision {
  readonly selected: Score;
  /** The next best, at most three. */
  readonly alternatives: readonly Score[];
  readonly reason: string;
  readonly stages: readonly StageCount[];
}

/** Nobody may get the work now. */
export interface NobodyFits {
  readonly selected?: undefined;
  /** The stage that left nobody. */
  readonly failedStage: Stage;
  readonly stages: readonly StageCount[];
}

const MAX_ALTERNATIVES = 3;
const HIGH_TIERS: ReadonlySet<string> = new Set(['elite', 'premium', 'advanced']);
const LOW_LOADS: ReadonlySet<string> = new Set(['idle', 'optimal']);

/** Best first. Ties go to the lower utilization, then to the smaller id, so that the same input has the same answer. */
const byScore = (a: Score, b: Score): number => {
  if (a.score !== b.score) return b.score - a.score;
  if (a.utilization !== b.utilization) return a.utilization - b.utilization;
  return a.candidate.id < b.candidate.id ? -1 : 1;
};

/** Why a candidate was chosen, in words for a person. */
const reasonFor = ({ candidate, loadLevel, bonuses, score }: Score, required: readonly string[]): string => {
  const tier = effectiveTier(candidate);
  const count = matched(candidate, required);
  const has = (name: string) => bonuses.some((bonus) => bonus.name === name);
  return [
    ...(HIGH_TIERS.has(tier) ? [`high performance tier (${tier})`] : []),
    count === required.length ? 'full capability match' : `matched ${count}/${required.length} capabilities`,
    ...(LOW_LOADS.has(loadLevel) ? ['low current load'] : []),
    ...(has('preferred_agent') ? ['preferred agent'] : []),
    ...(has('preferred_type') ? ['preferred type'] : []),
    `score ${score.toFixed(2)}`,
  ].join(', ');
};

/** Chooses among the candidates by the strategy `balanced`. The same input has the same answer. */
export const route = (request: RoutingRequest, candidates: readonly Candidate[]): Decision | NobodyFits => {
  const { left, stages, failedStage } = passStages(request, candidates);
  if (failedStage !== undefined) return { failedStage, stages };
  const scores = left.map((candidate) => balancedScore(request, candidate)).sort(byScore);
  const [selected, ...others] = scores as [Score, ...Score[]];
  return {
    selected,
    alternatives: others.slice(0, MAX_ALTERNATIVES),
    reason: reasonFor(selected, request.requiredCapabilities),
    stages,
  };
};

/** Chooses likewise, and those who are passed over only while nobody else fits. */
export const routePassingOver = (
  request: RoutingRequest,
  candidates: readonly Candidate[],
  passedOver: readonly string[],
): Decision | NobodyFits => {
  const others = route({ ...request, excludeAgentIds: [...request.excludeAgentIds, ...passedOver] }, candidates);
  return others.selected !== undefined || passedOver.length === 0 ? others : route(request, candidates);
};

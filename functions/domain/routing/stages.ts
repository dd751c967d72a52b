import { acceptsWork, hasRoom } from '#domain/agent/load';
import { tierOrder } from '#domain/agent/performance-tier';
import type { AgentStatus } from '#domain/agent/status';
import type { Candidate } from './candidate.ts';
import type { RoutingRequest } from './routing-request.ts';
import { STAGES, type Stage } from './stage.ts';

/** How many candidates a stage has left. */
export interface StageCount {
  readonly stage: Stage;
  readonly candidates: number;
}

/** Who is left after the stages, or the stage that left nobody. */
export interface Staged {
  readonly left: readonly Candidate[];
  /** Those gone through, the failed one last. */
  readonly stages: readonly StageCount[];
  readonly failedStage?: Stage | undefined;
}

type Filter = (left: readonly Candidate[], request: RoutingRequest, all: readonly Candidate[]) => readonly Candidate[];

const GONE: ReadonlySet<AgentStatus> = new Set(['forgotten', 'draining', 'deregistered']);
const KNOWN: ReadonlySet<AgentStatus> = new Set(['online', 'degraded', 'busy', 'offline']);

/** How many of the required capabilities an agent holds. */
export const matched = ({ capabilities }: Pick<Candidate, 'capabilities'>, required: readonly string[]): number =>
  required.filter((name) => capabilities.includes(name)).length;

const FILTERS: Readonly<Record<Stage, Filter>> = {
  registered: (left) => left.filter(({ status }) => !GONE.has(status)),
  reachable: (left) => left.filter(({ verified, status }) => verified && acceptsWork(status)),
  allowed: (left, { excludeAgentIds }) => left.filter(({ id }) => !excludeAgentIds.includes(id)),
  capable: (left, { requiredCapabilities, match }, all) => {
    const holdsAll = (candidate: Candidate) => matched(candidate, requiredCapabilities) === requiredCapabilities.length;
    // somebody who holds them all is worth waiting for, even if busy or offline now
    const nobodyEver = !all.some((candidate) => KNOWN.has(candidate.status) && holdsAll(candidate));
    return match === 'best' && nobodyEver ? left : left.filter(holdsAll);
  },
  suitable: (left, { technologies, estimatedHours = 0 }) =>
    left.filter(
      ({ avoidedTechnologies, maxTaskDurationHours = Number.POSITIVE_INFINITY }) =>
        estimatedHours <= maxTaskDurationHours && !technologies.some((name) => avoidedTechnologies.includes(name)),
    ),
  tier: (left, { minPerformanceTier }) =>
    minPerformanceTier === undefined
      ? left
      : left.filter(({ tier }) => tierOrder(tier) <= tierOrder(minPerformanceTier)),
  capacity: (left) => {
    const roomy = left.filter(hasRoom);
    const sound = roomy.filter(({ tier }) => tier !== 'degraded');
    return sound.length > 0 ? sound : roomy;
  },
};

/** Leaves those who may get the work. Each stage looks only at who the stages before it have left. */
export const passStages = (request: RoutingRequest, all: readonly Candidate[]): Staged => {
  const stages: StageCount[] = [];
  let left = all;
  for (const stage of STAGES) {
    left = FILTERS[stage](left, request, all);
    stages.push({ stage, candidates: left.length });
    if (left.length === 0) return { left, stages, failedStage: stage };
  }
  return { left, stages };
};

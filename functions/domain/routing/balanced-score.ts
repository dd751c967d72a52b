import { type LoadLevel, loadLevel, rounded, utilizationOf } from '#domain/agent/load';
import type { PerformanceTier } from '#domain/agent/performance-tier';
import type { Candidate } from './candidate.ts';
import type { RoutingRequest } from './routing-request.ts';
import { matched } from './stages.ts';

/** One part of a score. The contribution is weight times value. Rounded to four decimals. */
export interface ScoreComponent {
  readonly name: 'tier' | 'capability' | 'load' | 'availability';
  readonly weight: number;
  readonly value: number;
  readonly contribution: number;
}

export interface ScoreBonus {
  readonly name: 'preferred_agent' | 'preferred_type';
  readonly value: number;
}

/** How well a candidate fits a request, and why. */
export interface Score {
  readonly candidate: Candidate;
  /** At most 1; four decimals. */
  readonly score: number;
  readonly utilization: number;
  readonly loadLevel: LoadLevel;
  readonly components: readonly ScoreComponent[];
  readonly bonuses: readonly ScoreBonus[];
}

const TIER_VALUE: Readonly<Record<PerformanceTier, number>> = {
  elite: 1,
  premium: 0.9,
  advanced: 0.8,
  standard: 0.7,
  competent: 0.6,
  trainee: 0.4,
  degraded: 0,
};

const LOAD_VALUE: Readonly<Record<LoadLevel, number>> = {
  idle: 1,
  optimal: 0.8,
  high: 0.5,
  critical: 0.2,
  overloaded: 0,
};

const WEIGHT = { tier: 0.4, capability: 0.3, load: 0.2, availability: 0.1 } as const;

const PREFERRED_AGENT = { name: 'preferred_agent', value: 0.2 } as const;
const PREFERRED_TYPE = { name: 'preferred_type', value: 0.3 } as const;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The tier that counts: whoever says of itself that it is degraded is treated so. */
export const effectiveTier = ({ status, tier }: Pick<Candidate, 'status' | 'tier'>): PerformanceTier =>
  status === 'degraded' ? 'degraded' : tier;

/** The strategy `balanced`: tier, capabilities, load and free capacity, and the preferences of the request. */
export const balancedScore = (request: RoutingRequest, candidate: Candidate): Score => {
  const { requiredCapabilities, preferredAgentIds, preferredAgentType } = request;
  const required = requiredCapabilities.length;
  const utilization = utilizationOf(candidate);
  const level = loadLevel(utilization);
  const values = {
    tier: TIER_VALUE[effectiveTier(candidate)],
    capability: required === 0 ? 1 : matched(candidate, requiredCapabilities) / required,
    load: LOAD_VALUE[level],
    availability: 1 - Math.min(utilization, 1),
  };
  const names = ['tier', 'capability', 'load', 'availability'] as const;
  const bonuses = [
    ...(preferredAgentIds.includes(candidate.id) ? [PREFERRED_AGENT] : []),
    ...(candidate.agentType === preferredAgentType ? [PREFERRED_TYPE] : []),
  ];
  const total = sum(names.map((name) => WEIGHT[name] * values[name])) + sum(bonuses.map(({ value }) => value));
  return {
    candidate,
    score: Math.min(1, rounded(total)),
    utilization,
    loadLevel: level,
    components: names.map((name) => ({
      name,
      weight: WEIGHT[name],
      value: rounded(values[name]),
      contribution: rounded(WEIGHT[name] * values[name]),
    })),
    bonuses,
  };
};

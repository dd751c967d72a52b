/** How well an agent has done, best first. Premium and standard are given by people only. */
export const PERFORMANCE_TIERS = [
  'elite',
  'premium',
  'advanced',
  'standard',
  'competent',
  'trainee',
  'degraded',
] as const;

export type PerformanceTier = (typeof PERFORMANCE_TIERS)[number];

/** The tier of an agent of which too little is known to judge it. */
export const NEW_AGENT_TIER: PerformanceTier = 'competent';

/** Place of a tier in the order from the best one. */
export const tierOrder = (tier: PerformanceTier): number => PERFORMANCE_TIERS.indexOf(tier);

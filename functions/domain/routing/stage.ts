/** Stages of routing, in their order. */
export const STAGES = ['registered', 'reachable', 'allowed', 'capable', 'suitable', 'tier', 'capacity'] as const;
export type Stage = (typeof STAGES)[number];

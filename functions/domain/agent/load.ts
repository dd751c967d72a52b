import type { Agent } from './agent.ts';
import type { PerformanceTier } from './performance-tier.ts';
import type { AgentStatus } from './status.ts';

export const LOAD_LEVELS = ['idle', 'optimal', 'high', 'critical', 'overloaded'] as const;
export type LoadLevel = (typeof LOAD_LEVELS)[number];

const DECIMALS = 1e4;
// a decimal half is not exact in binary and would be rounded down now and then
const TOLERANCE = 1e-7;

/** Four decimals, half up. */
export const rounded = (value: number): number => Math.floor(value * DECIMALS + 0.5 + TOLERANCE) / DECIMALS;

/** What the agent's own word and its reserved units say of its load. May exceed 1 after its limit was lowered. */
export const utilizationOf = ({
  reserved,
  maxConcurrentTasks,
  reportedLoad,
}: Pick<Agent, 'reserved' | 'maxConcurrentTasks' | 'reportedLoad'>): number =>
  rounded(Math.max(reserved / maxConcurrentTasks, reportedLoad));

/** The name of a utilization. */
export const loadLevel = (utilization: number): LoadLevel => {
  if (utilization <= 0.2) return 'idle';
  if (utilization <= 0.7) return 'optimal';
  if (utilization <= 0.9) return 'high';
  return utilization < 1 ? 'critical' : 'overloaded';
};

/** What decides whether an agent may be given one more assignment. */
export type Capacity = Pick<Agent, 'reserved' | 'maxConcurrentTasks' | 'reportedLoad'> & {
  readonly status: AgentStatus;
  readonly tier: PerformanceTier;
};

/** How many assignments the agent may hold: one at a time while it is degraded, by its own word or by its results. */
export const unitLimit = ({ status, tier, maxConcurrentTasks }: Capacity): number =>
  status === 'degraded' || tier === 'degraded' ? 1 : maxConcurrentTasks;

/** How many more assignments the agent may be given. */
export const freeUnits = (capacity: Capacity): number => Math.max(0, unitLimit(capacity) - capacity.reserved);

/** Whether the agent's units and its own word leave room for one more assignment. */
export const hasRoom = (capacity: Capacity): boolean =>
  freeUnits(capacity) >= 1 && loadLevel(utilizationOf(capacity)) !== 'overloaded';

/** Whether new work may be given to an agent in this status. */
export const acceptsWork = (status: AgentStatus): boolean => status === 'online' || status === 'degraded';

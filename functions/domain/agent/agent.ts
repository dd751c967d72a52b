export const AGENT_TYPES = [
  'architect',
  'implementer',
  'reviewer',
  'debugger',
  'integrator',
  'orchestrator',
  'analyst',
  'optimizer',
] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

export const AGENT_STATUSES = ['registered', 'online', 'degraded', 'busy', 'offline'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** Something that can do work. Its version counts its recorded events; load and signs of life do not raise it. */
export interface Agent {
  readonly tenantId: string;
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly agentType: AgentType;
  readonly softwareVersion: string;
  readonly protocolVersion: '1.0' | '1.1';
  readonly capabilities: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly preferredTechnologies: readonly string[];
  readonly maxConcurrentTasks: number;
  /** Assignments it holds; equals their number at every commit. */
  readonly reserved: number;
  readonly reportedLoad: number;
  readonly status: AgentStatus;
  readonly verified: boolean;
  /** Raised by each registration; earlier tokens are dead. */
  readonly generation: number;
  readonly tokenId: string;
  readonly registeredBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastSeenAt: string;
  readonly lastHeartbeatAt?: string | undefined;
  readonly revision: number;
}

/** How many more assignments the agent may hold now. A degraded agent gets one at a time; a busy or offline one none. */
export const freeUnits = (agent: Agent): number => {
  if (agent.status === 'busy' || agent.status === 'offline' || agent.reportedLoad >= 1) return 0;
  const limit = agent.status === 'degraded' ? 1 : agent.maxConcurrentTasks;
  return Math.max(0, limit - agent.reserved);
};

/** Whether the agent has every capability the work requires. */
export const isCapable = (agent: Agent, required: readonly string[]): boolean =>
  required.every((name) => agent.capabilities.includes(name));

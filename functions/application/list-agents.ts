import type { AgentType } from '#domain/agent/agent';
import { type PerformanceTier, tierOrder } from '#domain/agent/performance-tier';
import type { AgentStatus } from '#domain/agent/status';
import { type AgentView, viewAgent } from './agent-view.ts';
import { allAgents } from './all-agents.ts';
import type { Clock } from './ports/clock.ts';
import type { Page } from './ports/page.ts';
import type { AgentStore } from './ports/tenant-store.ts';

/** What a list of agents is narrowed to. */
export interface AgentFilter {
  readonly agentType?: AgentType | undefined;
  readonly capability?: string | undefined;
  readonly tier?: PerformanceTier | undefined;
  readonly status?: AgentStatus | undefined;
  readonly delivery?: string | undefined;
  readonly availableOnly: boolean;
}

/** Whether a list shows the agent. One that has ended is shown only when asked for. */
const isShown = (agent: AgentView, { agentType, capability, tier, status, delivery, availableOnly }: AgentFilter) =>
  (status === undefined ? agent.status !== 'deregistered' : agent.status === status) &&
  (agentType === undefined || agent.agentType === agentType) &&
  (capability === undefined || agent.capabilities.includes(capability)) &&
  (tier === undefined || agent.performanceTier === tier) &&
  (delivery === undefined || agent.delivery === delivery) &&
  (!availableOnly || agent.isAvailable);

interface Ports {
  readonly store: Pick<AgentStore, 'listAgents'>;
  readonly clock: Clock;
}

/** A page of the tenant's agents, newest first. The filter may leave fewer than the limit on it. */
export const makeListAgents =
  ({ store, clock }: Ports) =>
  async (filter: AgentFilter, at: { limit: number; after?: string | undefined }): Promise<Page<AgentView>> => {
    const { items, next } = await store.listAgents(at);
    const now = clock.now();
    return { items: items.map((agent) => viewAgent(agent, now)).filter((agent) => isShown(agent, filter)), next };
  };

const byFitness = (a: AgentView, b: AgentView): number =>
  tierOrder(a.performanceTier) - tierOrder(b.performanceTier) ||
  a.load.utilization - b.load.utilization ||
  a.id.localeCompare(b.id);

/** All agents that have a capability, the best tier first, then the least loaded. */
export const makeListAgentsByCapability =
  ({ store, clock }: Ports) =>
  async (capability: string, { availableOnly }: Pick<AgentFilter, 'availableOnly'>): Promise<AgentView[]> => {
    const now = clock.now();
    return (await allAgents(store))
      .map((agent) => viewAgent(agent, now))
      .filter((agent) => isShown(agent, { capability, availableOnly }))
      .sort(byFitness);
  };

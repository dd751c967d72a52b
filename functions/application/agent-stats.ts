import { acceptsWork, rounded } from '#domain/agent/load';
import { type AgentView, viewAgent } from './agent-view.ts';
import { allAgents } from './all-agents.ts';
import type { Clock } from './ports/clock.ts';
import type { AgentStore } from './ports/tenant-store.ts';

const countBy = (agents: readonly AgentView[], namesOf: (agent: AgentView) => readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const name of agents.flatMap(namesOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** How many units of the agents that are there are reserved; null when nobody is there. */
const utilizationOfAll = (agents: readonly AgentView[]): number | null => {
  const there = agents.filter(({ status }) => acceptsWork(status) || status === 'busy');
  if (there.length === 0) return null;
  return rounded(sum(there.map(({ reserved }) => reserved)) / sum(there.map((agent) => agent.maxConcurrentTasks)));
};

/** Counts the tenant's agents, without those that have ended. */
export const makeAgentStats =
  ({ store, clock }: { store: Pick<AgentStore, 'listAgents'>; clock: Clock }) =>
  async () => {
    const now = clock.now();
    const agents = (await allAgents(store))
      .map((agent) => viewAgent(agent, now))
      .filter(({ status }) => status !== 'deregistered');
    const available = agents.filter(({ isAvailable }) => isAvailable).length;
    return {
      total: agents.length,
      available,
      busy: agents.length - available,
      degraded: agents.filter(({ status }) => status === 'degraded').length,
      byType: countBy(agents, ({ agentType }) => [agentType]),
      byTier: countBy(agents, ({ performanceTier }) => [performanceTier]),
      byLoadLevel: countBy(agents, ({ load }) => [load.loadLevel]),
      byStatus: countBy(agents, ({ status }) => [status]),
      byCapability: countBy(agents, ({ capabilities }) => capabilities),
      overallUtilization: utilizationOfAll(agents),
      updatedAt: new Date(now).toISOString(),
    };
  };

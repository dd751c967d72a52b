import type { Agent } from '#domain/agent/agent';
import { acceptsWork, hasRoom, loadLevel, utilizationOf } from '#domain/agent/load';
import { NEW_AGENT_TIER } from '#domain/agent/performance-tier';
import { statusAt } from '#domain/agent/silence';

/** An agent with everything computed of it at `now` (milliseconds). Silence shows before anybody has written it down. */
export const viewAgent = (agent: Agent, now: number) => {
  const status = statusAt(agent, now);
  const performanceTier = NEW_AGENT_TIER;
  const utilization = utilizationOf(agent);
  const isAvailable = acceptsWork(status) && agent.verified && hasRoom({ ...agent, status, tier: performanceTier });
  return {
    ...agent,
    status,
    statusReason: status === agent.status ? agent.statusReason : 'silence',
    // agents that are pushed to, or speak another protocol, cannot register in this version
    transport: 'http',
    delivery: 'pull',
    lastHeartbeatAt: agent.lastHeartbeatAt ?? null,
    load: {
      currentTasks: agent.reserved - agent.routed,
      queueLength: agent.routed,
      maxConcurrentTasks: agent.maxConcurrentTasks,
      reportedLoad: agent.reportedLoad,
      utilization,
      loadLevel: loadLevel(utilization),
      canAcceptTask: isAvailable,
    },
    isAvailable,
    performanceTier,
  };
};

export type AgentView = ReturnType<typeof viewAgent>;

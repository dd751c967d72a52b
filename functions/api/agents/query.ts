import { httpHandler } from '#runtime/http/http-handler';
import { ports } from '#runtime/ports';
import { getAgent } from './get-agent.ts';
import { getAgentStats } from './get-agent-stats.ts';
import { listAgentAssignments } from './list-agent-assignments.ts';
import { listAgents } from './list-agents.ts';
import { listAgentsByCapability } from './list-agents-by-capability.ts';
import { routeTask } from './route-task.ts';

/** What only looks at agents. */
export const agentQueries = [
  listAgents,
  getAgentStats,
  listAgentsByCapability,
  routeTask,
  getAgent,
  listAgentAssignments,
];

export const handler = httpHandler(agentQueries, ports);

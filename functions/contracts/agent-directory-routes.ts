import * as z from 'zod';
import {
  Agent,
  AgentAssignmentList,
  AgentAssignmentsQuery,
  AgentList,
  AgentListItem,
  AgentStats,
  ByCapabilityQuery,
  CapabilityPath,
  ListAgentsQuery,
} from './agent-directory.ts';
import { RouteTaskRequest, RoutingDecision } from './agent-routing.ts';
import { Ulid } from './primitives.ts';
import type { Route } from './route.ts';

const AgentPath = z.strictObject({ agent_id: Ulid });
const AGENTS = '/api/v1/agents';

/** Operations that look at agents. */
export const agentDirectoryRoutes = {
  listAgents: {
    operationId: 'list_agents',
    method: 'GET',
    path: AGENTS,
    role: 'viewer',
    group: 'agents-query',
    summary: 'Lists the agents of the tenant, newest first.',
    success: 200,
    query: ListAgentsQuery,
    response: AgentList,
    errors: ['INVALID_CURSOR'],
  },
  getAgentStats: {
    operationId: 'get_agent_stats',
    method: 'GET',
    path: `${AGENTS}/stats`,
    role: 'viewer',
    group: 'agents-query',
    summary: 'Counts the agents of the tenant.',
    success: 200,
    response: AgentStats,
    errors: [],
  },
  listAgentsByCapability: {
    operationId: 'list_agents_by_capability',
    method: 'GET',
    path: `${AGENTS}/by-capability/{capability}`,
    role: 'viewer',
    group: 'agents-query',
    summary: 'Lists all agents that have a capability, the best and least loaded first.',
    success: 200,
    params: CapabilityPath,
    query: ByCapabilityQuery,
    response: z.object({ items: z.array(AgentListItem) }),
    errors: [],
  },
  routeTask: {
    operationId: 'route_task',
    method: 'POST',
    path: `${AGENTS}/route`,
    role: 'member',
    group: 'agents-query',
    summary: 'Shows which agent work would be routed to now, and why. Reserves nothing.',
    success: 200,
    body: RouteTaskRequest,
    response: RoutingDecision,
    errors: ['AGENT_UNAVAILABLE'],
  },
  getAgent: {
    operationId: 'get_agent',
    method: 'GET',
    path: `${AGENTS}/{agent_id}`,
    role: 'viewer',
    group: 'agents-query',
    summary: 'Reads one agent.',
    success: 200,
    params: AgentPath,
    response: Agent,
    errors: ['AGENT_NOT_FOUND'],
  },
  listAgentAssignments: {
    operationId: 'list_agent_assignments',
    method: 'GET',
    path: `${AGENTS}/{agent_id}/assignments`,
    role: 'viewer',
    group: 'agents-query',
    summary: 'Lists what an agent was granted and what is routed to it, without the work itself.',
    success: 200,
    params: AgentPath,
    query: AgentAssignmentsQuery,
    response: AgentAssignmentList,
    errors: ['AGENT_NOT_FOUND', 'INVALID_CURSOR'],
  },
} as const satisfies Record<string, Route>;

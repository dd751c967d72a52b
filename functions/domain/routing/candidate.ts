import type { Agent } from '#domain/agent/agent';
import { NEW_AGENT_TIER, type PerformanceTier } from '#domain/agent/performance-tier';
import { statusAt } from '#domain/agent/silence';

/** What routing looks at of an agent. */
export interface Candidate
  extends Pick<
    Agent,
    | 'id'
    | 'name'
    | 'agentType'
    | 'status'
    | 'verified'
    | 'capabilities'
    | 'reserved'
    | 'maxConcurrentTasks'
    | 'reportedLoad'
  > {
  readonly tier: PerformanceTier;
  readonly avoidedTechnologies: readonly string[];
  /** Absent: no limit. */
  readonly maxTaskDurationHours?: number | undefined;
}

/** An agent as routing sees it now: with its silence, and in the tier of all agents whose work nobody has judged. */
export const candidateOf = (agent: Agent, now: number): Candidate => ({
  id: agent.id,
  name: agent.name,
  agentType: agent.agentType,
  status: statusAt(agent, now),
  verified: agent.verified,
  capabilities: agent.capabilities,
  reserved: agent.reserved,
  maxConcurrentTasks: agent.maxConcurrentTasks,
  reportedLoad: agent.reportedLoad,
  tier: NEW_AGENT_TIER,
  avoidedTechnologies: [],
});

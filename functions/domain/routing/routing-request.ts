import type { AgentType } from '#domain/agent/agent';
import type { PerformanceTier } from '#domain/agent/performance-tier';
import type { Session, SessionType } from '#domain/session/session';

/** What work asks of an agent. */
export interface RoutingRequest {
  readonly requiredCapabilities: readonly string[];
  /** `best` takes the one that holds most of them, if nobody holds them all. */
  readonly match: 'all' | 'best';
  readonly preferredAgentType?: AgentType | undefined;
  readonly preferredAgentIds: readonly string[];
  readonly minPerformanceTier?: PerformanceTier | undefined;
  readonly estimatedHours?: number | undefined;
  readonly technologies: readonly string[];
  readonly excludeAgentIds: readonly string[];
}

const TYPE_FOR: Readonly<Record<SessionType, AgentType>> = {
  planning: 'architect',
  execution: 'implementer',
  review: 'reviewer',
  debug: 'debugger',
  integration: 'integrator',
};

const TECHNOLOGY_TAG = 'tech:';

/** The technologies that a session names by its tags `tech:<name>`. */
export const technologiesOf = ({ tags }: Pick<Session, 'tags'>): string[] =>
  tags.filter((tag) => tag.startsWith(TECHNOLOGY_TAG)).map((tag) => tag.slice(TECHNOLOGY_TAG.length).toLowerCase());

/** The ids of the agents that a session's agent_config names: the value of `default_agent`, and its keys. */
export const agentsNamed = (
  agentConfig: Readonly<Record<string, unknown>>,
  agents: readonly { readonly id: string; readonly name: string }[],
): string[] => {
  const names = new Set<unknown>([...Object.keys(agentConfig), agentConfig['default_agent']]);
  return agents.filter(({ name }) => names.has(name)).map(({ id }) => id);
};

/** The request of a session's attempt. The agent of its newest checkpoint is preferred like those that the session names. */
export const requestOfSession = (
  session: Pick<Session, 'requiredCapabilities' | 'sessionType' | 'tags' | 'latestCheckpoint'>,
  namedAgentIds: readonly string[],
  excludeAgentIds: readonly string[] = [],
): RoutingRequest => ({
  requiredCapabilities: session.requiredCapabilities,
  match: 'all',
  preferredAgentType: TYPE_FOR[session.sessionType],
  preferredAgentIds: [session.latestCheckpoint?.createdBy ?? [], namedAgentIds].flat(),
  technologies: technologiesOf(session),
  excludeAgentIds,
});

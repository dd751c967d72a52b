import type { Candidate } from '#domain/routing/candidate';
import type { RoutingRequest } from '#domain/routing/routing-request';

/** An agent that passes every stage for a request of nothing special. */
export const aCandidate = (fields: Partial<Candidate> = {}): Candidate => ({
  id: 'AGENT',
  name: 'RUNNER',
  agentType: 'implementer',
  status: 'online',
  verified: true,
  capabilities: ['code_generation'],
  reserved: 0,
  maxConcurrentTasks: 5,
  reportedLoad: 0,
  tier: 'competent',
  avoidedTechnologies: [],
  ...fields,
});

/** A request that anybody fits. */
export const aRequest = (fields: Partial<RoutingRequest> = {}): RoutingRequest => ({
  requiredCapabilities: [],
  match: 'all',
  preferredAgentIds: [],
  technologies: [],
  excludeAgentIds: [],
  ...fields,
});

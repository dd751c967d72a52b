import type { Agent } from '#domain/agent/agent';
import type { Registration } from '#domain/agent/register';
import { NOON } from './a-session.ts';

/** What an agent says of itself when it registers. */
export const aRegistration = (fields: Partial<Registration> = {}): Registration => ({
  name: 'RUNNER',
  agentType: 'implementer',
  softwareVersion: '1.0.0',
  protocolVersion: '1.1',
  capabilities: ['code_generation'],
  metadata: {},
  labels: {},
  preferredTechnologies: [],
  maxConcurrentTasks: 2,
  ...fields,
});

/** An agent that is online and has no work. */
export const anAgent = (fields: Partial<Agent> = {}): Agent => ({
  ...aRegistration(),
  tenantId: 'TENANT',
  id: 'AGENT',
  version: 1,
  reserved: 0,
  routed: 0,
  reportedLoad: 0,
  status: 'online',
  verified: true,
  generation: 1,
  tokenId: '00000000000t',
  registeredBy: 'KEY',
  createdAt: NOON,
  updatedAt: NOON,
  lastSeenAt: NOON,
  revision: 0,
  ...fields,
});

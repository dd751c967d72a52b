import { DomainError } from '#domain/errors';
import type { Agent } from './agent.ts';
import { type AgentChange, MAY_PLACE_WORK, recordAgent } from './agent-change.ts';
import { dueAfterSign, statusAt } from './silence.ts';

/** The name belongs to an agent that the caller may not take over. */
export class AgentAlreadyExists extends DomainError {
  readonly code = 'AGENT_ALREADY_EXISTS';

  constructor(name: string) {
    super(`an agent named ${name} is registered and not offline`);
  }
}

/** An agent that can do nothing gets no work. */
export class CapabilitiesRequired extends DomainError {
  readonly code = 'CAPABILITIES_REQUIRED';

  constructor() {
    super('capabilities is empty');
  }
}

export type Registration = Pick<
  Agent,
  | 'name'
  | 'agentType'
  | 'softwareVersion'
  | 'protocolVersion'
  | 'capabilities'
  | 'metadata'
  | 'labels'
  | 'preferredTechnologies'
  | 'maxConcurrentTasks'
>;

export interface Registrar {
  readonly id: string;
  /** A lead may take over any name of the tenant. */
  readonly isLead: boolean;
}

const announced = (agent: Agent, at: string, before: Agent | null): AgentChange => {
  const { name, agentType, capabilities } = agent;
  if (capabilities.length === 0) throw new CapabilitiesRequired();
  const payload = { name, agent_type: agentType, capabilities, is_external: true, delivery: 'pull' };
  return recordAgent(before, agent, [{ type: 'agent.registered', payload, internal: MAY_PLACE_WORK }], at);
};

/** A name that nobody has. @throws CapabilitiesRequired */
export const registerNew = (
  registration: Registration,
  identity: { tenantId: string; id: string; tokenId: string; tokenExpiresAt: string; by: Registrar; at: string },
): AgentChange =>
  announced(
    {
      ...registration,
      tenantId: identity.tenantId,
      id: identity.id,
      version: 0,
      reserved: 0,
      routed: 0,
      reportedLoad: 0,
      status: 'registered',
      verified: false,
      dueAt: dueAfterSign({ status: 'registered', dueAt: undefined }, 'registered', identity.at),
      generation: 1,
      tokenId: identity.tokenId,
      tokenExpiresAt: identity.tokenExpiresAt,
      registeredBy: identity.by.id,
      createdAt: identity.at,
      updatedAt: identity.at,
      lastSeenAt: identity.at,
      revision: 0,
    },
    identity.at,
    null,
  );

const GONE: ReadonlySet<string> = new Set(['offline', 'forgotten', 'deregistered']);

interface Renewal {
  readonly tokenId: string;
  readonly tokenExpiresAt: string;
  readonly by: Registrar;
  readonly replace: boolean;
  readonly replaceTokenId?: string | undefined;
  readonly at: string;
}

/**
 * The same agent registers anew: it keeps its id and history, and its earlier tokens end.
 * @throws AgentAlreadyExists unless its registrar or a lead asks, and it is offline, or gone for longer, or `replace` is set;
 * with `replaceTokenId` only the registration is replaced that was given this token
 */
export const registerAgain = (
  agent: Agent,
  registration: Registration,
  { tokenId, tokenExpiresAt, by, replace, replaceTokenId = agent.tokenId, at }: Renewal,
): AgentChange => {
  const mayTakeOver = by.isLead || by.id === agent.registeredBy;
  const isMeant = replace && replaceTokenId === agent.tokenId;
  const isGone = GONE.has(statusAt(agent, Date.parse(at)));
  if (!mayTakeOver || !(isMeant || isGone)) throw new AgentAlreadyExists(agent.name);
  return announced(
    {
      ...agent,
      ...registration,
      status: 'registered',
      statusReason: undefined,
      verified: false,
      verifiedAt: undefined,
      reportedLoad: 0,
      dueAt: dueAfterSign(agent, 'registered', at),
      generation: agent.generation + 1,
      tokenId,
      tokenExpiresAt,
      lastSeenAt: at,
      // what an earlier registration said is no word of this one
      lastHeartbeatAt: undefined,
      clockSkewSeconds: undefined,
    },
    at,
    agent,
  );
};

import type { ProtocolVersion } from './protocol.ts';
import type { AgentStatus } from './status.ts';

export const AGENT_TYPES = [
  'architect',
  'implementer',
  'reviewer',
  'debugger',
  'integrator',
  'orchestrator',
  'analyst',
  'optimizer',
] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** Something that can do work. Its version counts its recorded events; load and signs of life do not raise it. */
export interface Agent {
  readonly tenantId: string;
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly agentType: AgentType;
  readonly softwareVersion: string;
  readonly protocolVersion: ProtocolVersion;
  readonly capabilities: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly preferredTechnologies: readonly string[];
  readonly maxConcurrentTasks: number;
  /** Assignments it holds and those routed to it; equals their number at every commit. */
  readonly reserved: number;
  /** Those of the reserved ones that are routed to it and still pending. */
  readonly routed: number;
  /** When a unit was reserved last. */
  readonly reservedAt?: string | undefined;
  readonly reportedLoad: number;
  readonly status: AgentStatus;
  /** Why the status is what it is, since its last change. */
  readonly statusReason?: string | undefined;
  readonly verified: boolean;
  readonly verifiedAt?: string | undefined;
  /** Raised by each registration; earlier tokens are dead. */
  readonly generation: number;
  readonly tokenId: string;
  readonly tokenExpiresAt?: string | undefined;
  readonly registeredBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastSeenAt: string;
  readonly lastHeartbeatAt?: string | undefined;
  /** How far its clock is ahead of ours, where that is much. Negative when it is behind. */
  readonly clockSkewSeconds?: number | undefined;
  /** When the sweeper looks for signs of life; not moved by each of them. */
  readonly dueAt?: string | undefined;
  readonly revision: number;
}

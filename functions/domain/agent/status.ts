/** Every status of an agent. */
export const AGENT_STATUSES = [
  'registered',
  'online',
  'degraded',
  'busy',
  'offline',
  'forgotten',
  'draining',
  'deregistered',
] as const;

export type AgentStatus = (typeof AGENT_STATUSES)[number];

/**
 * registered ─► online ◄─► degraded ◄─► busy        what the agent says of itself
 *     │            └──────────┴──────────┴─► offline ─► forgotten     what its silence says
 *     └─► (from each of them) draining ─► deregistered ─► registered  the name is registered again
 *
 * A registration that takes a name over sets `registered` from any status and is no move of this table.
 */
export const agentMoves = {
  registered: ['online', 'degraded', 'busy', 'offline', 'draining', 'deregistered'],
  online: ['degraded', 'busy', 'offline', 'draining', 'deregistered'],
  degraded: ['online', 'busy', 'offline', 'draining', 'deregistered'],
  busy: ['online', 'degraded', 'offline', 'draining', 'deregistered'],
  offline: ['online', 'degraded', 'busy', 'forgotten', 'draining', 'deregistered'],
  forgotten: ['online', 'degraded', 'busy', 'offline', 'draining', 'deregistered'],
  draining: ['deregistered'],
  deregistered: ['registered'],
} as const satisfies Record<AgentStatus, readonly AgentStatus[]>;

/** Whether the table above admits the move. */
export const isLegalAgentMove = (from: AgentStatus, to: AgentStatus): boolean =>
  (agentMoves[from] as readonly AgentStatus[]).includes(to);

import type { Agent, AgentStatus } from './agent.ts';
import { type AgentChange, recordAgent } from './agent-change.ts';

export const HEARTBEAT_STATUSES = ['healthy', 'degraded', 'busy', 'offline'] as const;
export type HeartbeatStatus = (typeof HEARTBEAT_STATUSES)[number];

const STATUS_AFTER: Readonly<Record<HeartbeatStatus, AgentStatus>> = {
  healthy: 'online',
  degraded: 'degraded',
  busy: 'busy',
  offline: 'offline',
};

/** Stores what the agent says of itself. Only a change of status is an event. */
export const heartbeat = (
  agent: Agent,
  { status, currentLoad, at }: { status: HeartbeatStatus; currentLoad: number; at: string },
): AgentChange => {
  const next = STATUS_AFTER[status];
  const seen: Agent = { ...agent, status: next, reportedLoad: currentLoad, lastSeenAt: at, lastHeartbeatAt: at };
  if (next === agent.status) return { before: agent, after: seen, events: [] };
  const payload = { old_status: agent.status, new_status: next, reason: 'heartbeat' };
  return recordAgent(agent, seen, [{ type: 'agent.status_changed', payload }], at);
};

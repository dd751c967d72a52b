import type { Agent } from './agent.ts';
import { type AgentChange, MAY_PLACE_WORK, recordAgent } from './agent-change.ts';
import { dueAfterSign } from './silence.ts';
import { type AgentStatus, isLegalAgentMove } from './status.ts';

export const HEARTBEAT_STATUSES = ['healthy', 'degraded', 'busy', 'offline'] as const;
export type HeartbeatStatus = (typeof HEARTBEAT_STATUSES)[number];

const STATUS_AFTER: Readonly<Record<HeartbeatStatus, AgentStatus>> = {
  healthy: 'online',
  degraded: 'degraded',
  busy: 'busy',
  offline: 'offline',
};

/**
 * Stores what the agent says of itself. Only a change of status is an event. Whoever was silent is back with id and
 * history; the status of a draining agent is not its own to change.
 */
export const heartbeat = (
  agent: Agent,
  { status, currentLoad, at }: { status: HeartbeatStatus; currentLoad: number; at: string },
): AgentChange => {
  const said = STATUS_AFTER[status];
  const seen: Agent = { ...agent, reportedLoad: currentLoad, lastSeenAt: at, lastHeartbeatAt: at };
  if (!isLegalAgentMove(agent.status, said)) return { before: agent, after: seen, events: [] };
  const moved: Agent = { ...seen, status: said, statusReason: 'heartbeat', dueAt: dueAfterSign(agent, said, at) };
  const payload = { old_status: agent.status, new_status: said, reason: 'heartbeat' };
  return recordAgent(agent, moved, [{ type: 'agent.status_changed', payload, internal: MAY_PLACE_WORK }], at);
};

const WORTH_STORING_MS = 30_000;

/**
 * Any call of an agent is a sign of life, but one write in 30 s is enough to tell that it lives. An agent that asks for
 * work for the first time has shown that it can be reached. Undefined when nothing is worth a write.
 */
export const signOfLife = (agent: Agent, at: string): AgentChange | undefined => {
  const isRecent = Date.parse(at) - Date.parse(agent.lastSeenAt) < WORTH_STORING_MS;
  if (agent.verified && isRecent) return undefined;
  const verifiedAt = agent.verified ? agent.verifiedAt : at;
  return { before: agent, after: { ...agent, verified: true, verifiedAt, lastSeenAt: at }, events: [] };
};

import { RateLimited } from '#domain/errors';
import type { Agent } from './agent.ts';
import { type AgentChange, MAY_PLACE_WORK, recordAgent } from './agent-change.ts';
import { dueAfterCall, dueAfterSign } from './silence.ts';
import { type AgentStatus, isLegalAgentMove } from './status.ts';

export const HEARTBEAT_STATUSES = ['healthy', 'degraded', 'busy', 'offline'] as const;
export type HeartbeatStatus = (typeof HEARTBEAT_STATUSES)[number];

const STATUS_AFTER: Readonly<Record<HeartbeatStatus, AgentStatus>> = {
  healthy: 'online',
  degraded: 'degraded',
  busy: 'busy',
  offline: 'offline',
};

/** Heartbeats that come faster are refused, but for the one that says goodbye: nobody repeats it. */
const SHORTEST_INTERVAL_MS = 5000;

const requireInterval = (agent: Agent, { status, at }: Beat): void => {
  const { lastHeartbeatAt } = agent;
  const isGoodbye = status === 'offline' && agent.status !== 'offline';
  if (lastHeartbeatAt === undefined || isGoodbye) return;
  const waitMs = Date.parse(lastHeartbeatAt) + SHORTEST_INTERVAL_MS - Date.parse(at);
  if (waitMs > 0) throw new RateLimited('a heartbeat every 5 s is enough', waitMs);
};

const SECOND_MS = 1000;
const TOLERATED_SKEW_SECONDS = 300;

/** How far the agent's clock is off, if that is worth telling; what was known stays where it names no time. */
const clockSkew = ({ clockSkewSeconds }: Agent, { at, timestamp }: Beat): number | undefined => {
  if (timestamp === undefined) return clockSkewSeconds;
  const seconds = Math.round((Date.parse(timestamp) - Date.parse(at)) / SECOND_MS);
  return Math.abs(seconds) > TOLERATED_SKEW_SECONDS ? seconds : undefined;
};

export interface Beat {
  readonly status: HeartbeatStatus;
  readonly currentLoad: number;
  readonly at: string;
  /** The time by the agent's own clock. */
  readonly timestamp?: string | undefined;
}

/**
 * Stores what the agent says of itself. Only a change of status is an event. Whoever was silent is back with id and
 * history; the status of a draining agent is not its own to change.
 * @throws RateLimited when the last heartbeat was less than 5 s ago, unless this one says goodbye
 */
export const heartbeat = (agent: Agent, beat: Beat): AgentChange => {
  const { status, currentLoad, at } = beat;
  requireInterval(agent, beat);
  const said = STATUS_AFTER[status];
  const seen: Agent = {
    ...agent,
    reportedLoad: currentLoad,
    lastSeenAt: at,
    lastHeartbeatAt: at,
    clockSkewSeconds: clockSkew(agent, beat),
  };
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
export const signOfLife = (
  agent: Agent,
  at: string,
  { asksForWork }: { asksForWork: boolean },
): AgentChange | undefined => {
  const isRecent = Date.parse(at) - Date.parse(agent.lastSeenAt) < WORTH_STORING_MS;
  const isReached = asksForWork && !agent.verified;
  if (isRecent && !isReached) return undefined;
  const seen: Agent = { ...agent, lastSeenAt: at, dueAt: dueAfterCall(agent, at) };
  return { before: agent, after: isReached ? { ...seen, verified: true, verifiedAt: at } : seen, events: [] };
};

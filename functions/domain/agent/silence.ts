import type { Agent } from './agent.ts';
import { type AgentChange, MAY_PLACE_WORK, recordAgent } from './agent-change.ts';
import type { AgentStatus } from './status.ts';

/** Without a sign of life for so long an agent is offline. Milliseconds. */
export const STALE_AFTER_MS = 90_000;
/** Without a sign of life for so long routing forgets an agent. Milliseconds. */
export const FORGET_AFTER_MS = 300_000;

const LIVING: ReadonlySet<AgentStatus> = new Set(['registered', 'online', 'degraded', 'busy']);

/** The status an agent has at a moment, whether or not somebody has written down yet that it fell silent. */
export const statusAt = (agent: Pick<Agent, 'status' | 'lastSeenAt'>, now: number): AgentStatus => {
  const silentMs = now - Date.parse(agent.lastSeenAt);
  const isOffline = agent.status === 'offline' || (LIVING.has(agent.status) && silentMs >= STALE_AFTER_MS);
  if (!isOffline) return agent.status;
  return silentMs >= FORGET_AFTER_MS ? 'forgotten' : 'offline';
};

/** Whether an agent has given no sign of life for so long that the sessions it works on suffer, whatever its status. */
export const isSilent = ({ lastSeenAt }: Pick<Agent, 'lastSeenAt'>, now: number): boolean =>
  now - Date.parse(lastSeenAt) >= STALE_AFTER_MS;

const after = (time: string, milliseconds: number) => new Date(Date.parse(time) + milliseconds).toISOString();

/** When an agent in this status has to be looked at, if it gives no further sign of life. */
const dueAfter = (status: AgentStatus, lastSeenAt: string, now: number): string | undefined => {
  if (!isSilent({ lastSeenAt }, now)) return after(lastSeenAt, STALE_AFTER_MS);
  return status === 'offline' ? after(lastSeenAt, FORGET_AFTER_MS) : undefined;
};

/** A silent agent on its way to offline, and from there to forgotten: one move at a time, each with its event. */
const fallSilent = (agent: Agent, status: 'offline' | 'forgotten', now: number): AgentChange => {
  const at = new Date(now).toISOString();
  const fallen: Agent = { ...agent, status, statusReason: 'silence', dueAt: dueAfter(status, agent.lastSeenAt, now) };
  const payload = { old_status: agent.status, new_status: status, reason: 'silence' };
  return recordAgent(agent, fallen, [{ type: 'agent.status_changed', payload, internal: MAY_PLACE_WORK }], at);
};

/**
 * What a look at an agent finds: silence that makes it offline, and later forgotten, or a sign of life since, which
 * only says when to look again.
 */
export const lookForLife = (agent: Agent, now: number): AgentChange => {
  const status = statusAt(agent, now);
  if (status === agent.status)
    return { before: agent, after: { ...agent, dueAt: dueAfter(status, agent.lastSeenAt, now) }, events: [] };
  return fallSilent(agent, LIVING.has(agent.status) ? 'offline' : 'forgotten', now);
};

/** When an agent that has just given a sign of life is looked at. A look that is planned already need not move. */
export const dueAfterSign = (agent: Pick<Agent, 'status' | 'dueAt'>, status: AgentStatus, at: string) =>
  agent.dueAt === undefined || agent.status !== status ? after(at, STALE_AFTER_MS) : agent.dueAt;

/** The same after a call that is no heartbeat: of one that counts as gone already, nobody has planned a look. */
export const dueAfterCall = ({ status, dueAt }: Pick<Agent, 'status' | 'dueAt'>, at: string): string | undefined =>
  LIVING.has(status) ? dueAt : after(at, STALE_AFTER_MS);

import type { Agent } from '#domain/agent/agent';
import type { DegradedReason, Sign } from '#domain/session/degraded';
import type { Assignment } from './assignment.ts';

/** So long an agent that took over lost work has its calls accepted before the session counts as well again. */
const SETTLED_IN_MS = 60_000;

const NONE: readonly Sign[] = [];

/** Signs that the work goes on with reduced capacity, oldest first. They belong to the grant and end with it. */
export const signsOf = ({ signs = NONE }: Pick<Assignment, 'signs'>): readonly Sign[] => signs;

/** Whether the work shows a sign of this kind, or any. */
export const hasSign = (assignment: Assignment, reason?: DegradedReason): boolean =>
  signsOf(assignment).some((sign) => reason === undefined || sign.reason === reason);

/** One that is seen already keeps its time and leaves the assignment as it is. */
const withSign = (assignment: Assignment, sign: Sign): Assignment =>
  hasSign(assignment, sign.reason) ? assignment : { ...assignment, signs: [...signsOf(assignment), sign] };

const withoutSign = (assignment: Assignment, reason: DegradedReason): Assignment => {
  if (!hasSign(assignment, reason)) return assignment;
  const rest = signsOf(assignment).filter((sign) => sign.reason !== reason);
  return { ...assignment, signs: rest.length > 0 ? rest : undefined };
};

/** What an agent says of itself in a call that is about its work. */
export interface Word {
  readonly status: 'healthy' | 'degraded';
  readonly detail?: string | undefined;
}

export interface AcceptedCall {
  readonly now: number;
  readonly word?: Word | undefined;
  readonly hasCheckpoint?: boolean | undefined;
}

const hasSettledIn = ({ claimedAt }: Assignment, { now, hasCheckpoint }: AcceptedCall): boolean =>
  hasCheckpoint === true || (claimedAt !== undefined && now >= Date.parse(claimedAt) + SETTLED_IN_MS);

/** An accepted call of the agent: it is not silent, has perhaps settled in, and may say how it is. Unchanged when that is no news. */
export const hearCall = (assignment: Assignment, call: AcceptedCall): Assignment => {
  const { now, word } = call;
  const spoken = withoutSign(assignment, 'agent_unresponsive');
  const settled = hasSettledIn(spoken, call) ? withoutSign(spoken, 'fallback_agent') : spoken;
  if (word === undefined) return settled;
  if (word.status === 'healthy') return withoutSign(settled, 'agent_degraded');
  return withSign(settled, { reason: 'agent_degraded', since: new Date(now).toISOString(), detail: word.detail });
};

/** What the agent has said of itself, by heartbeat, since the work began to show that it is degraded. */
export const wordSince = (assignment: Assignment, { status, lastHeartbeatAt = '' }: Agent): Word | undefined => {
  const sign = signsOf(assignment).find(({ reason }) => reason === 'agent_degraded');
  const isHealthy = sign !== undefined && status === 'online' && lastHeartbeatAt > sign.since;
  return isHealthy ? { status: 'healthy' } : undefined;
};

/** The agent gave no sign of life for too long, while it still holds the lease. */
export const missAgent = (assignment: Assignment, now: number): Assignment =>
  withSign(assignment, { reason: 'agent_unresponsive', since: new Date(now).toISOString() });

/** Granted work as it looks from the start: its agent may be degraded, or have taken over from one whose lease ran out. */
export const signsAtGrant = (granted: Assignment, agent: Pick<Agent, 'id' | 'status'>): Assignment => {
  const { excludedAgentId, releasedBy, claimedAt: since = granted.createdAt } = granted;
  const tookOver = excludedAgentId !== undefined && excludedAgentId !== agent.id && releasedBy === undefined;
  const fresh: Assignment = { ...granted, signs: undefined };
  const weak = agent.status === 'degraded' ? withSign(fresh, { reason: 'agent_degraded', since }) : fresh;
  return tookOver ? withSign(weak, { reason: 'fallback_agent', since }) : weak;
};

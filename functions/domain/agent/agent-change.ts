import type { DomainEvent, EventInternals } from '#domain/event';
import type { Agent } from './agent.ts';

/** An agent before and after, with the events that announce the difference. */
export interface AgentChange {
  readonly before: Agent | null;
  readonly after: Agent;
  readonly events: readonly DomainEvent[];
}

interface Fact {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly internal?: EventInternals;
}

/** After this fact waiting work may have another agent than before, or another reason to wait. */
export const MAY_PLACE_WORK: EventInternals = { consumers: ['place-work'] };

/** Appends facts to an agent: its version becomes the number of the last one. */
export const recordAgent = (before: Agent | null, next: Agent, facts: readonly Fact[], at: string): AgentChange => ({
  before,
  after: { ...next, version: next.version + facts.length, updatedAt: at },
  events: facts.map(({ type, payload, internal }, index) => ({
    stream: `agent:${next.id}`,
    seq: next.version + index + 1,
    type,
    payload: { agent_id: next.id, ...payload },
    timestamp: at,
    ...(internal ? { internal } : {}),
  })),
});

export interface Work {
  readonly id: string;
  readonly sessionId: string;
  readonly fencingToken: number;
}

/** Reserves a unit for work that is routed to the agent and that it has yet to claim. Load is no event. */
export const routeWork = (agent: Agent, at: string): AgentChange => ({
  before: agent,
  after: { ...agent, reserved: agent.reserved + 1, routed: agent.routed + 1, reservedAt: at },
  events: [],
});

/** Gives the unit of routed work back: somebody else has it, or nobody needs it any more. */
export const unrouteWork = (agent: Agent): AgentChange => ({
  before: agent,
  after: { ...agent, reserved: Math.max(0, agent.reserved - 1), routed: Math.max(0, agent.routed - 1) },
  events: [],
});

/**
 * Grants an assignment to the agent. One that was routed to it has its unit already; for one that was routed to another agent,
 * `freesUnit` says that other work may have that unit.
 */
export const takeWork = (
  agent: Agent,
  work: Work,
  at: string,
  { isRouted = false, freesUnit = false }: { isRouted?: boolean; freesUnit?: boolean } = {},
): AgentChange => {
  const { after } = isRouted ? unrouteWork(agent) : { after: agent };
  return recordAgent(
    agent,
    { ...after, reserved: after.reserved + 1, reservedAt: at, lastSeenAt: at },
    [
      {
        type: 'agent.task_assigned',
        payload: { assignment_id: work.id, session_id: work.sessionId, fencing_token: work.fencingToken },
        ...(freesUnit ? { internal: MAY_PLACE_WORK } : {}),
      },
    ],
    at,
  );
};

/** Gives the unit back, which other work may wait for. Whoever waits for the end of this work is named in the event. */
export const endWork = (
  agent: Agent,
  work: Work,
  outcome: string,
  durationMs: number,
  at: string,
  wakes = true,
): AgentChange =>
  recordAgent(
    agent,
    { ...agent, reserved: Math.max(0, agent.reserved - 1) },
    [
      {
        type: 'agent.task_completed',
        payload: { assignment_id: work.id, session_id: work.sessionId, outcome, duration_ms: durationMs },
        internal: wakes ? { consumers: ['place-work', 'wake'], wake: [work.sessionId] } : MAY_PLACE_WORK,
      },
    ],
    at,
  );

/** A change that the agent's own call has made: the call was a sign of life, too. */
export const withSignOfLife = ({ after, ...change }: AgentChange, at: string): AgentChange => ({
  ...change,
  after: { ...after, lastSeenAt: at },
});

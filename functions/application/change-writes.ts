import type { AgentChange } from '#domain/agent/agent-change';
import type { DomainEvent } from '#domain/event';
import type { GateChange } from '#domain/gate/gate';
import type { SessionChange } from '#domain/session/transition';
import type { Identifiers } from './ports/identifiers.ts';
import type { Write } from './ports/write.ts';

const eventWrites = (events: readonly DomainEvent[], ids: Identifiers): Write[] =>
  events.map((event) => ({ kind: 'event', event, eventId: ids.ulid() }));

/** The head of a session and the events that announce its change. */
export const sessionWrites = ({ before, after, events }: SessionChange, ids: Identifiers): Write[] => [
  { kind: 'session', before, after },
  ...eventWrites(events, ids),
];

/** An agent and the events that announce its change. */
export const agentWrites = ({ before, after, events }: AgentChange, ids: Identifiers): Write[] => [
  { kind: 'agent', before, after },
  ...eventWrites(events, ids),
];

/** A gate's counters together with the items they count. */
export const gateWrites = ({ before, after, ...change }: GateChange): Write[] => [
  { kind: 'gate', before, after },
  ...(change.removeHolder ? [{ kind: 'holder-removed', gate: after.name, holder: change.removeHolder } as const] : []),
  ...(change.addHolder ? [{ kind: 'holder-added', gate: after.name, holder: change.addHolder } as const] : []),
  ...(change.removeWaiters ?? []).map((waiter) => ({ kind: 'waiter-removed', gate: after.name, waiter }) as const),
  ...(change.addWaiter ? [{ kind: 'waiter-added', gate: after.name, waiter: change.addWaiter } as const] : []),
];

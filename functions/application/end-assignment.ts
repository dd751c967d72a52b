import { endWork, unrouteWork, withSignOfLife } from '#domain/agent/agent-change';
import { type Assignment, isOpen } from '#domain/assignment/assignment';
import { close, heldMs } from '#domain/assignment/lease';
import { agentWrites } from './change-writes.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { AgentStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

export type Ending = 'completed' | 'failed' | 'cancelled' | 'expired';

/** Gives back the unit that is reserved for pending work, if there is one. */
export const unroute = async (
  { store, ids }: { store: AgentStore; ids: Identifiers },
  { routedAgentId }: Assignment,
): Promise<Write[]> =>
  routedAgentId === undefined ? [] : agentWrites(unrouteWork(await store.getAgent(routedAgentId)), ids);

export interface AssignmentEnd {
  readonly ending: Ending;
  readonly at: string;
  /** @default true */
  readonly wakes?: boolean;
  /** Whether a call of the agent itself ends it. */
  readonly isHeard?: boolean;
  readonly set?: Partial<Assignment>;
}

/**
 * Ends an open assignment and gives its unit back to the agent, in the transaction of whoever has a reason to end it.
 * Whoever waits for it is woken, unless `wakes` is false because the caller's own event does so.
 */
export const endAssignment = async (
  { store, ids }: { store: AgentStore; ids: Identifiers },
  assignment: Assignment,
  { ending, at, wakes = true, isHeard = false, set = {} }: AssignmentEnd,
): Promise<Write[]> => {
  if (!isOpen(assignment)) return [];
  const closed = close({ ...assignment, ...set }, ending, at);
  const write: Write = { kind: 'assignment', before: assignment, after: closed };
  if (assignment.agentId === undefined) return [write, ...(await unroute({ store, ids }, assignment))];
  const agent = await store.getAgent(assignment.agentId);
  const durationMs = heldMs(assignment, Date.parse(at));
  const ended = endWork(agent, assignment, ending, durationMs, at, wakes);
  return [write, ...agentWrites(isHeard ? withSignOfLife(ended, at) : ended, ids)];
};

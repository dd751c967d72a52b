import { type Assignment, isOpen } from '#domain/assignment/assignment';
import type { Agent } from './agent.ts';

/** For so long after a grant a list of what the agent holds may not show it yet. Milliseconds. */
const SETTLED_MS = 30_000;

/** The units of an agent: those reserved, and of them those of work that it has yet to claim. */
export type Units = Pick<Agent, 'reserved' | 'routed'>;

/** The units that these assignments say an agent has. */
export const recountUnits = (agentId: string, assignments: readonly Assignment[]): Units => {
  const held = assignments.filter((one) => one.agentId === agentId && isOpen(one)).length;
  const routed = assignments.filter((one) => one.routedAgentId === agentId && one.state === 'pending').length;
  return { reserved: held + routed, routed };
};

/**
 * The units that an agent should have instead of those it counts; undefined where it counts right. Fewer were found than it
 * counts also where a list does not show the newest grant yet: they are believed only when that is some time ago.
 */
export const driftOf = (agent: Agent, counted: Units, now: number): Units | undefined => {
  if (counted.reserved === agent.reserved && counted.routed === agent.routed) return undefined;
  const isSettled = now - Date.parse(agent.reservedAt ?? agent.createdAt) >= SETTLED_MS;
  const isMore = counted.reserved >= agent.reserved && counted.routed >= agent.routed;
  return isMore || isSettled ? counted : undefined;
};

/** Recounted minus stored: of the reserved units, or where those are right of the routed ones. */
export const driftBetween = (stored: Units, counted: Units): number =>
  counted.reserved - stored.reserved || counted.routed - stored.routed;

import type { Agent } from '#domain/agent/agent';
import { isOpen } from '#domain/assignment/assignment';
import { isLeaseOver } from '#domain/assignment/lease';
import type { Word } from '#domain/assignment/signs';
import { hearWork, signWrites } from './follow-signs.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

/**
 * Applies a call of an agent, and what it says of itself, to all the work that it has: each piece with its session in one
 * transaction. Repeated, it changes nothing.
 */
export const makeReviewWork = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const reviewOne = async (agentId: string, assignmentId: string, word: Word | undefined): Promise<void> => {
    const assignment = await store.findAssignment(assignmentId);
    const now = clock.now();
    if (assignment?.agentId !== agentId || !isOpen(assignment) || isLeaseOver(assignment, now)) return;
    const heard = await hearWork({ store }, assignment, { now, word });
    const moved = await signWrites({ store, ids }, assignment, heard, now);
    if (heard === assignment && moved.length === 0) return;
    await store.commit([{ kind: 'assignment', before: assignment, after: heard }, ...moved]);
  };

  return async ({ id, reserved, routed }: Agent, word: Word | undefined): Promise<void> => {
    if (reserved === routed) return;
    for (const held of await store.listHeld(id)) await retryConflict(clock, () => reviewOne(id, held.id, word));
  };
};

import { isSilent } from '#domain/agent/silence';
import { isOpen } from '#domain/assignment/assignment';
import { isLeaseOver } from '#domain/assignment/lease';
import { missAgent } from '#domain/assignment/signs';
import { signWrites } from './follow-signs.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

/**
 * Degrades the sessions that a silent agent works on while it still holds their leases. The agent is written with each,
 * so that a call at the same moment keeps its session from it.
 */
export const makeMissAgent = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const missAt = async (agentId: string, assignmentId: string): Promise<void> => {
    const agent = await store.getAgent(agentId);
    const assignment = await store.findAssignment(assignmentId);
    const now = clock.now();
    if (assignment?.agentId !== agentId || !isOpen(assignment)) return;
    if (!isSilent(agent, now) || isLeaseOver(assignment, now)) return;
    const missed = missAgent(assignment, now);
    const moved = await signWrites({ store, ids }, assignment, missed, now);
    if (missed === assignment && moved.length === 0) return;
    await store.commit([
      { kind: 'assignment', before: assignment, after: missed },
      { kind: 'agent', before: agent, after: agent },
      ...moved,
    ]);
  };

  return async (agentId: string, heldIds: readonly string[]): Promise<void> => {
    for (const id of heldIds) await retryConflict(clock, () => missAt(agentId, id));
  };
};

import type { Assignment } from '#domain/assignment/assignment';
import { isOverdue } from '#domain/assignment/lease';
import { noAgent } from '#domain/session/outcome';
import { endSession, readOpenSession } from './end-session.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';

/** Nobody took the work in time: no agent is there to be judged, so the session ends here. */
export const giveUpWork = async (
  { store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers },
  assignment: Assignment,
): Promise<void> => {
  const open = await readOpenSession(store, assignment.sessionId);
  const now = clock.now();
  const waits = open.assignment?.id === assignment.id && open.assignment.state === 'pending';
  if (!waits || !isOverdue(open.assignment, now)) return;
  await endSession({ store, ids }, open, { outcome: noAgent(open.assignment), now, wakesDriver: true });
};

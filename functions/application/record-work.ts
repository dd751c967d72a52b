import type { Assignment } from '#domain/assignment/assignment';
import { signsOf } from '#domain/assignment/signs';
import { addCheckpoints } from '#domain/checkpoint/add-checkpoints';
import { followSigns } from '#domain/session/degraded';
import { joined } from '#domain/session/transition';
import { checkpointWrites, sessionWrites } from './change-writes.ts';
import { signWrites } from './follow-signs.ts';
import { type GivenCheckpoint, newCheckpoint } from './new-checkpoint.ts';
import type { Digest } from './ports/digest.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

/** An agent's call: its work before and after it, and the checkpoints that it brought. */
export interface WorkChange {
  readonly agentId: string;
  readonly before: Assignment;
  readonly after: Assignment;
  readonly checkpoints: readonly GivenCheckpoint[];
}

/** What an agent's call records in its session: checkpoints, and that it is degraded or well again. */
export const recordWork = async (
  { store, ids, digest }: { store: TenantStore; ids: Identifiers; digest: Digest },
  { agentId, before, after, checkpoints }: WorkChange,
  now: number,
): Promise<Write[]> => {
  if (checkpoints.length === 0) return signWrites({ store, ids }, before, after, now);
  const added = addCheckpoints(
    await store.getSession(before.sessionId),
    checkpoints.map((one) => newCheckpoint(one, { ids, digest })),
    { at: new Date(now).toISOString(), by: agentId },
  );
  const moved = joined(added, followSigns(added.after, signsOf(after), now));
  return [...sessionWrites(moved, ids), ...checkpointWrites(added.checkpoints)];
};

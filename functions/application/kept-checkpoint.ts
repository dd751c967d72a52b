import { type CheckpointRef, refOf } from '#domain/checkpoint/checkpoint';
import { CHECKPOINTS_KEPT } from '#domain/checkpoint/rotation';
import { NotFound } from '#domain/errors';
import type { CheckpointStore } from './ports/tenant-store.ts';

/** A checkpoint by its id. @throws NotFound when the session has it not or no longer */
export const keptCheckpoint = async (
  store: CheckpointStore,
  sessionId: string,
  checkpointId: string,
): Promise<CheckpointRef> => {
  const { items } = await store.listCheckpoints(sessionId, { limit: CHECKPOINTS_KEPT + 1, withData: false });
  const chosen = items.find(({ id }) => id === checkpointId);
  if (chosen === undefined) throw new NotFound('checkpoint');
  return refOf(chosen);
};

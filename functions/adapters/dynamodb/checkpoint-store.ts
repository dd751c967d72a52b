import type { CheckpointStore } from '#application/ports/tenant-store';
import type { Checkpoint, CheckpointHead } from '#domain/checkpoint/checkpoint';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

type StoredCheckpoint = CheckpointHead & { readonly data?: string | undefined };

/** Checkpoints of one tenant's sessions. Large data stands in an item of its own. */
export const makeCheckpointStore = (engine: ItemEngine, tenantId: string): CheckpointStore => {
  const find = finderOn(engine);

  /** Undefined when rotation took it between the two reads. */
  const withItsData = async (stored: StoredCheckpoint): Promise<Checkpoint | undefined> => {
    if (stored.data !== undefined) return stored as Checkpoint;
    const key = keys.checkpointDataKey(tenantId, stored.sessionId, stored.sequence);
    const found = await find<{ data: string }>(key, 'work-checkpoint');
    return found && { ...stored, data: found.data };
  };

  return {
    async findCheckpoint(sessionId, sequence) {
      const stored = await find<StoredCheckpoint>(keys.checkpointKey(tenantId, sessionId, sequence), 'checkpoint');
      return stored && withItsData(stored);
    },

    async listCheckpoints(sessionId, { limit, beforeSequence, withData }) {
      const { pk, sk } = keys.checkpointKey(tenantId, sessionId, beforeSequence ?? 0);
      const found = await engine.query({
        pk,
        prefix: keys.PREFIX.checkpoint,
        after: beforeSequence === undefined ? undefined : sk,
        descending: true,
        limit,
      });
      const stored = found.map((item) => entityOf<StoredCheckpoint>(item, 'checkpoint') as StoredCheckpoint);
      const heads = stored.map(({ data: _data, ...head }) => head);
      const items = withData ? (await Promise.all(stored.map(withItsData))).filter((one) => one !== undefined) : heads;
      return { items, next: found.length < limit ? undefined : String(heads.at(-1)?.sequence) };
    },
  };
};

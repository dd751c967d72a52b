import type { TextObjects } from '#application/ports/object-store';
import type { CheckpointStore } from '#application/ports/tenant-store';
import type { Checkpoint, CheckpointHead } from '#domain/checkpoint/checkpoint';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** In place, or in an object of this name. */
type LargeData = { readonly data?: string; readonly object?: string };

type StoredCheckpoint = CheckpointHead & { readonly data?: string | undefined };

/** Checkpoints of one tenant's sessions. Large data stands in object storage, named by an item of its own. */
export const makeCheckpointStore = (
  engine: ItemEngine,
  tenantId: string,
  texts: TextObjects | undefined,
): CheckpointStore => {
  const find = finderOn(engine);

  const textOf = async ({ sessionId }: StoredCheckpoint, id: string): Promise<string | undefined> => {
    if (texts === undefined) throw new Error('this function does not reach object storage');
    return texts.readText({ sessionId, id });
  };

  /** Undefined when rotation took it between the two reads. */
  const withItsData = async (stored: StoredCheckpoint): Promise<Checkpoint | undefined> => {
    if (stored.data !== undefined) return stored as Checkpoint;
    const key = keys.checkpointDataKey(tenantId, stored.sessionId, stored.sequence);
    const found = await find<LargeData>(key, 'work-checkpoint');
    if (found === undefined) return undefined;
    const data = found.object === undefined ? found.data : await textOf(stored, found.object);
    if (data !== undefined) return { ...stored, data };
    if ((await find<LargeData>(key, 'work-checkpoint')) === undefined) return undefined;
    throw new Error(`the data of checkpoint ${stored.sequence} of session ${stored.sessionId} is gone`);
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

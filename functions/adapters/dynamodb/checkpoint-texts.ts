import { randomUUID } from 'node:crypto';
import type { ObjectName, TextObjects } from '#application/ports/object-store';
import type { Write } from '#application/ports/write';
import type { ItemEngine, Operation } from './item-engine.ts';
import * as keys from './table.ts';
import { writeOperation } from './write-operation.ts';

type LargeCheckpoint = Extract<Write, { kind: 'work-checkpoint' }>;

/**
 * Commits with the data of large checkpoints in object storage: the object first, under a name of its own, then the transaction that
 * names it. Objects that no item names any more go afterwards; what is left over goes with its session.
 */
export const makeCommitWithTexts = (engine: ItemEngine, tenantId: string, texts: TextObjects) => {
  const move = async ({ sessionId, sequence, data }: LargeCheckpoint): Promise<Operation> => {
    const object = `checkpoint-${sequence}-${randomUUID()}`;
    await texts.writeText({ sessionId, id: object }, data);
    const key = keys.checkpointDataKey(tenantId, sessionId, sequence);
    return {
      put: { object, entity: 'work-checkpoint', ...key },
      condition: { kind: 'absent' },
      what: 'checkpoint',
    };
  };

  const dropped = async (writes: readonly Write[]): Promise<readonly ObjectName[]> => {
    const removed = writes.flatMap((write) => (write.kind === 'work-checkpoint-removed' ? [write] : []));
    if (removed.length === 0) return [];
    const items = await engine.getMany(
      removed.map(({ sessionId, sequence }) => keys.checkpointDataKey(tenantId, sessionId, sequence)),
    );
    return items.flatMap(({ object, ...key }) =>
      typeof object === 'string' ? [{ sessionId: keys.ownerOfKey(key).id, id: object }] : [],
    );
  };

  return async (writes: readonly Write[]): Promise<void> => {
    const old = await dropped(writes);
    const operations = writes.map((write) =>
      write.kind === 'work-checkpoint' ? move(write) : writeOperation(tenantId, write),
    );
    await engine.transact(await Promise.all(operations));
    // the change is made: one that cannot be removed now is no reason to make it again
    await Promise.allSettled(old.map((name) => texts.remove(name)));
  };
};

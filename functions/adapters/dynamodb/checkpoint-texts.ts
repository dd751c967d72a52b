import { randomUUID } from 'node:crypto';
import type { ObjectName, TextObjects } from '#application/ports/object-store';
import type { Write } from '#application/ports/write';
import { ConcurrentUpdate } from '#domain/errors';
import type { Item, ItemEngine, Operation } from './item-engine.ts';
import * as keys from './table.ts';
import { writeOperation } from './write-operation.ts';

/** Data of a checkpoint, and the object that it is to stand in. */
interface Moved {
  readonly name: ObjectName;
  readonly sequence: number;
  readonly data: string;
}

/**
 * Commits with the data of large checkpoints in object storage: the object first, under a name of its own, then the transaction that
 * names it. Objects that no item names any more go afterwards, and so do those of a change that was refused; what is left over
 * goes with its session.
 */
export const makeCommitWithTexts = (engine: ItemEngine, tenantId: string, texts: TextObjects) => {
  const move = async ({ name, sequence, data }: Moved): Promise<Operation> => {
    await texts.writeText(name, data);
    const key = keys.checkpointDataKey(tenantId, name.sessionId, sequence);
    return {
      put: { object: name.id, entity: 'work-checkpoint', ...key },
      condition: { kind: 'absent' },
      what: 'checkpoint',
    };
  };

  const itemsOf = (ones: readonly { readonly sessionId: string; readonly sequence: number }[]) =>
    engine.getMany(ones.map(({ sessionId, sequence }) => keys.checkpointDataKey(tenantId, sessionId, sequence)));

  const objectIn = ({ object, ...key }: Item): readonly ObjectName[] =>
    typeof object === 'string' ? [{ sessionId: keys.ownerOfKey(key).id, id: object }] : [];

  const dropped = async (writes: readonly Write[]): Promise<readonly ObjectName[]> => {
    const removed = writes.flatMap((write) => (write.kind === 'work-checkpoint-removed' ? [write] : []));
    return removed.length === 0 ? [] : (await itemsOf(removed)).flatMap(objectIn);
  };

  /** What cannot be removed now is no reason to make a change again, nor to hide why it was not made. */
  const removeAll = (names: readonly ObjectName[]) => Promise.allSettled(names.map((name) => texts.remove(name)));

  /** A transaction that is sent twice may be refused although it was made: an object that an item names stays. */
  const takeBack = async (moved: readonly Moved[]): Promise<void> => {
    if (moved.length === 0) return;
    const items = await itemsOf(moved.map(({ name, sequence }) => ({ sessionId: name.sessionId, sequence })));
    const named = new Set(items.flatMap(objectIn).map(({ id }) => id));
    await removeAll(moved.flatMap(({ name }) => (named.has(name.id) ? [] : [name])));
  };

  const operationsOf = async (writes: readonly Write[], moved: ReadonlyMap<Write, Moved>): Promise<Operation[]> => {
    const settled = await Promise.allSettled(
      writes.map(async (write) => {
        const one = moved.get(write);
        return one ? move(one) : writeOperation(tenantId, write);
      }),
    );
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await removeAll([...moved.values()].map(({ name }) => name));
    throw failed.reason;
  };

  return async (writes: readonly Write[]): Promise<void> => {
    const old = await dropped(writes);
    const moved = new Map(
      writes.flatMap((write): [Write, Moved][] => {
        if (write.kind !== 'work-checkpoint') return [];
        const { sessionId, sequence, data } = write;
        return [[write, { name: { sessionId, id: `checkpoint-${sequence}-${randomUUID()}` }, sequence, data }]];
      }),
    );
    await engine.transact(await operationsOf(writes, moved)).catch(async (error: unknown) => {
      // of any other failure nobody knows whether the change was made
      if (error instanceof ConcurrentUpdate) await takeBack([...moved.values()]).catch(() => undefined);
      throw error;
    });
    await removeAll(old);
  };
};

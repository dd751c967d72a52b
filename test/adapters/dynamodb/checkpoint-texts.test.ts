import { describe, expect, it } from 'vitest';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { makeMemoryEngine } from '#adapters/memory/memory-engine';
import { checkpointWrites } from '#application/change-writes';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import { ConcurrentUpdate } from '#domain/errors';
import { NOON } from '#test/support/a-session';
import { objectsInMemory } from '#test/support/objects-in-memory';

const aCheckpoint = (sequence: number, bytes: number): Checkpoint => {
  const data = JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
  return {
    ...{ sessionId: 'SESSION', id: `C${sequence}`, sequence, attempt: 1, trigger: 'manual', stateHash: 'hash', data },
    ...{ sizeBytes: data.length, createdAt: NOON, createdBy: 'AGENT' },
  };
};

const LIMIT = 32 * 1024;
const removed = { kind: 'work-checkpoint-removed', sessionId: 'SESSION', sequence: 1 } as const;

const aStore = () => {
  const engine = makeMemoryEngine();
  const objects = objectsInMemory();
  const texts = objects.of('A');
  return { engine, objects, texts, store: makeTenantStore(engine, 'A', texts) };
};

describe('the data of a checkpoint', () => {
  it('of more than 32 KB stands in object storage and not in the table; with less in the table alone', async () => {
    const { store, engine, objects } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT)]));
    expect(objects.names()).toEqual([]);
    await store.commit(checkpointWrites([aCheckpoint(2, LIMIT + 1)]));
    expect(objects.names()).toEqual([expect.stringContaining('/A/SESSION/checkpoint-2-')]);
    expect(JSON.stringify(engine.items()).length).toBeLessThan(LIMIT + 2000);
    expect(await store.findCheckpoint('SESSION', 2)).toEqual(aCheckpoint(2, LIMIT + 1));
  });

  it('that a lost race wrote is no checkpoint, and that of the winner stays', async () => {
    const { store, objects } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]));
    const late = store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 2)]));
    await expect(late).rejects.toThrow(ConcurrentUpdate);
    expect(await store.findCheckpoint('SESSION', 1)).toEqual(aCheckpoint(1, LIMIT + 1));
    expect(objects.names()).toHaveLength(1);
  });

  it('that was written beside one that could not be written does not stay', async () => {
    const { engine, objects, texts } = aStore();
    const writeText: typeof texts.writeText = async (name, text) => {
      if (name.id.startsWith('checkpoint-2-')) throw new Error('object storage is full');
      await texts.writeText(name, text);
    };
    const store = makeTenantStore(engine, 'A', { ...texts, writeText });
    const both = store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1), aCheckpoint(2, LIMIT + 1)]));
    await expect(both).rejects.toThrow('object storage is full');
    expect([objects.names(), engine.items()]).toEqual([[], []]);
  });

  it('stays when nobody knows whether the table took it', async () => {
    const { engine, texts } = aStore();
    const transact: typeof engine.transact = async (operations) => {
      await engine.transact(operations);
      throw new Error('the connection was closed');
    };
    const cut = makeTenantStore({ ...engine, transact }, 'A', texts);
    await expect(cut.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]))).rejects.toThrow('was closed');
    expect(await makeTenantStore(engine, 'A', texts).findCheckpoint('SESSION', 1)).toEqual(aCheckpoint(1, LIMIT + 1));
  });

  it('stays when the table refuses what it has taken before, as one does that is sent the same once more', async () => {
    const { engine, texts } = aStore();
    const transact: typeof engine.transact = async (operations) => {
      await engine.transact(operations);
      await engine.transact(operations);
    };
    const store = makeTenantStore({ ...engine, transact }, 'A', texts);
    await expect(store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]))).rejects.toThrow(ConcurrentUpdate);
    expect(await store.findCheckpoint('SESSION', 1)).toEqual(aCheckpoint(1, LIMIT + 1));
  });

  it.each(['getMany', 'remove'] as const)('of a lost race stays without another word when %s fails', async (broken) => {
    const { engine, objects, texts, store } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]));
    const fail = async () => Promise.reject(new Error('does not answer'));
    const { getMany } = broken === 'getMany' ? { getMany: fail } : engine;
    const { remove } = broken === 'remove' ? { remove: fail } : texts;
    const loser = makeTenantStore({ ...engine, getMany }, 'A', { ...texts, remove });
    await expect(loser.commit(checkpointWrites([aCheckpoint(1, LIMIT + 2)]))).rejects.toThrow(ConcurrentUpdate);
    expect(objects.names()).toHaveLength(2);
  });

  it('goes when nothing names it any more; that it cannot go now fails no change', async () => {
    const { store, objects, engine, texts } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]));
    const broken = { ...texts, remove: async () => Promise.reject(new Error('object storage does not answer')) };
    await makeTenantStore(engine, 'A', broken).commit([removed]);
    expect(objects.names()).toHaveLength(1);
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]).slice(1));
    await store.commit([removed]);
    expect(objects.names()).toHaveLength(1);
    await store.commit([removed]);
  });

  it('that is gone although something names it is a fault, and so is a reader without object storage', async () => {
    const { store, engine, texts } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]));
    const without = makeTenantStore(engine, 'A');
    await expect(without.findCheckpoint('SESSION', 1)).rejects.toThrow('does not reach object storage');
    for (const name of await texts.list('SESSION', 9)) await texts.remove(name);
    await expect(store.findCheckpoint('SESSION', 1)).rejects.toThrow('is gone');
  });

  it('that rotation takes while it is read is not there', async () => {
    const { store, engine, texts } = aStore();
    await store.commit(checkpointWrites([aCheckpoint(1, LIMIT + 1)]));
    const readText = async () => {
      await store.commit([removed]);
      return undefined;
    };
    const slow = makeTenantStore(engine, 'A', { ...texts, readText });
    expect(await slow.findCheckpoint('SESSION', 1)).toBeUndefined();
  });
});

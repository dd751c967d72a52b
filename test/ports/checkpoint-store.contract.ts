import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import { checkpointWrites, sessionWrites } from '#application/change-writes';
import type { TextObjects } from '#application/ports/object-store';
import type { TenantStore } from '#application/ports/tenant-store';
import type { Checkpoint } from '#domain/checkpoint/checkpoint';
import { refOf } from '#domain/checkpoint/checkpoint';
import { ConcurrentUpdate } from '#domain/errors';
import { aSession, NOON } from '#test/support/a-session';
import { objectsInMemory } from '#test/support/objects-in-memory';
import { countedIdentifiers } from '#test/support/ports-in-memory';

const aCheckpoint = (sequence: number, data = `{"step":${sequence}}`): Checkpoint => ({
  sessionId: 'SESSION',
  id: `C${sequence}`,
  sequence,
  attempt: 1,
  trigger: 'manual',
  stateHash: 'hash',
  metadata: { snake_case: 1 },
  data,
  sizeBytes: Buffer.byteLength(data),
  createdAt: NOON,
  createdBy: 'AGENT',
});

const LARGE = `{"text":"${'x'.repeat(255 * 1024)}"}`;

/** What the store of checkpoints must do on every engine, with object storage and without. `makeEngine` answers an empty one. */
export const checkpointStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  checkpointsOn('', makeEngine, () => undefined);
  const objects = objectsInMemory();
  checkpointsOn(' with object storage', makeEngine, objects.of);
};

const checkpointsOn = (
  where: string,
  makeEngine: () => Promise<ItemEngine>,
  textsOf: (tenantId: string) => TextObjects | undefined,
) => {
  const twoStores = async (): Promise<[TenantStore, TenantStore]> => {
    const engine = await makeEngine();
    return [makeTenantStore(engine, 'A', textsOf('A')), makeTenantStore(engine, 'B', textsOf('B'))];
  };
  const list = async (
    store: TenantStore,
    query: { limit?: number; beforeSequence?: number; withData?: boolean } = {},
  ) => store.listCheckpoints('SESSION', { limit: 10, withData: false, ...query });

  describe(`checkpoints${where}`, () => {
    it('come back as they were, small and large, and only to their tenant', async () => {
      const [a, b] = await twoStores();
      await a.commit(checkpointWrites([aCheckpoint(1), aCheckpoint(2, LARGE)]));
      expect(await a.findCheckpoint('SESSION', 1)).toEqual(aCheckpoint(1));
      expect(await a.findCheckpoint('SESSION', 2)).toEqual(aCheckpoint(2, LARGE));
      expect(await a.findCheckpoint('SESSION', 3)).toBeUndefined();
      expect(await b.findCheckpoint('SESSION', 1)).toBeUndefined();
      expect((await list(b)).items).toEqual([]);
    });

    it('are listed from the highest sequence down, with data when asked for', async () => {
      const [store] = await twoStores();
      for (const sequence of [1, 2, 9, 10, 11]) await store.commit(checkpointWrites([aCheckpoint(sequence)]));
      await store.commit(checkpointWrites([aCheckpoint(12, LARGE)]));
      const { data: _data, ...head } = aCheckpoint(12, LARGE);
      const first = await list(store, { limit: 2 });
      expect(first.items).toEqual([head, expect.objectContaining({ sequence: 11 })]);
      expect(first.items[1]).not.toHaveProperty('data');
      const rest = await list(store, { beforeSequence: Number(first.next) });
      expect(rest).toMatchObject({ items: [{ sequence: 10 }, { sequence: 9 }, { sequence: 2 }, { sequence: 1 }] });
      expect(rest.next).toBeUndefined();
      const full = await list(store, { limit: 2, withData: true });
      expect(full.items).toEqual([aCheckpoint(12, LARGE), aCheckpoint(11)]);
    });

    it('take a sequence once', async () => {
      const [store] = await twoStores();
      await store.commit(checkpointWrites([aCheckpoint(1)]));
      await expect(store.commit(checkpointWrites([aCheckpoint(1, '{}')]))).rejects.toThrow(ConcurrentUpdate);
      expect(await store.findCheckpoint('SESSION', 1)).toEqual(aCheckpoint(1));
    });

    it('go with the change of the head that no longer keeps them', async () => {
      const [store] = await twoStores();
      const before = aSession({ latestCheckpoint: refOf(aCheckpoint(101)) });
      await store.commit([
        { kind: 'session', before: null, after: before },
        ...checkpointWrites([aCheckpoint(1, LARGE), aCheckpoint(2, LARGE)]),
      ]);
      const after = { ...before, version: 2, latestCheckpoint: refOf(aCheckpoint(102)) };
      await store.commit(sessionWrites({ before, after, events: [] }, countedIdentifiers()));
      expect((await list(store, { withData: true })).items).toEqual([aCheckpoint(1, LARGE)]);
      expect(await store.findCheckpoint('SESSION', 2)).toBeUndefined();
    });
  });
};

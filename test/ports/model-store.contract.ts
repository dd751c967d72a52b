import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { TenantStore } from '#application/ports/tenant-store';
import { ConcurrentUpdate, NotFound } from '#domain/errors';
import type { AliasMove } from '#domain/model/registered-model';
import { NO_TALLY, type Tally } from '#domain/model/tally';
import { aModel, aVersion } from '#test/support/a-model';
import { NOON } from '#test/support/a-session';

const aMove = (fields: Partial<AliasMove> = {}): AliasMove => ({
  modelName: 'coder',
  seq: 2,
  alias: 'champion',
  action: 'promote',
  fromVersion: null,
  toVersion: '1.0.0',
  simulated: false,
  actor: { kind: 'user', id: 'ADA' },
  reason: null,
  forced: false,
  at: NOON,
  ...fields,
});

/** What the store of models must do on every engine. `makeEngine` answers an empty one. */
export const modelStoreContract = (makeEngine: () => Promise<ItemEngine>) => {
  const twoStores = async (): Promise<[TenantStore, TenantStore]> => {
    const engine = await makeEngine();
    return [makeTenantStore(engine, 'A'), makeTenantStore(engine, 'B')];
  };

  describe('models', () => {
    it('come back as they were, and only to their tenant', async () => {
      const [a, b] = await twoStores();
      await a.commit([
        { kind: 'model', before: null, after: aModel() },
        { kind: 'model-version', before: null, after: aVersion() },
        { kind: 'alias-move', move: aMove() },
      ]);
      expect(await a.getModel('coder')).toEqual(aModel({ revision: 1 }));
      expect(await a.findModelVersion('coder', '1.0.0')).toEqual(aVersion({ revision: 1 }));
      expect((await a.listAliasMoves('coder', { limit: 10 })).items).toEqual([aMove()]);
      await expect(b.getModel('coder')).rejects.toThrow(NotFound);
      expect(await b.findModel('coder')).toBeUndefined();
      expect(await b.findModelVersion('coder', '1.0.0')).toBeUndefined();
      expect((await b.listModels({ limit: 10 })).items).toEqual([]);
      expect((await b.listModelVersions('coder', { limit: 10 })).items).toEqual([]);
      expect((await b.listAliasMoves('coder', { limit: 10 })).items).toEqual([]);
    });

    it('and their versions change only as they were seen', async () => {
      const [a] = await twoStores();
      await a.commit([
        { kind: 'model', before: null, after: aModel() },
        { kind: 'model-version', before: null, after: aVersion() },
      ]);
      const before = await a.getModel('coder');
      const after = { ...before, challengerPercent: 20 };
      await a.commit([{ kind: 'model', before, after }]);
      await expect(a.commit([{ kind: 'model', before, after }])).rejects.toMatchObject({ what: 'model' });
      const twice = a.commit([{ kind: 'model-version', before: null, after: aVersion() }]);
      await expect(twice).rejects.toThrow(ConcurrentUpdate);
      expect(await a.getModel('coder')).toMatchObject({ challengerPercent: 20, revision: 2 });
    });

    it('are listed by name, page by page', async () => {
      const [a] = await twoStores();
      for (const name of ['b', 'c', 'a']) await a.commit([{ kind: 'model', before: null, after: aModel({ name }) }]);
      const first = await a.listModels({ limit: 2 });
      expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
      const second = await a.listModels({ limit: 2, after: first.next });
      expect(second.items.map(({ name }) => name)).toEqual(['c']);
      expect(second.next).toBeUndefined();
    });

    it('have their versions listed the highest first, a build before its plain version', async () => {
      const [a] = await twoStores();
      const versions = ['1.9.0', '1.10.0', '1.10.0-rc.2', '1.10.0-rc.10', '2.0.0-a'];
      for (const version of versions)
        await a.commit([{ kind: 'model-version', before: null, after: aVersion({ version }) }]);
      await a.commit([{ kind: 'model', before: null, after: aModel() }]);
      const first = await a.listModelVersions('coder', { limit: 3 });
      expect(first.items.map(({ version }) => version)).toEqual(['2.0.0-a', '1.10.0', '1.10.0-rc.10']);
      const second = await a.listModelVersions('coder', { limit: 3, after: first.next });
      expect(second.items.map(({ version }) => version)).toEqual(['1.10.0-rc.2', '1.9.0']);
      expect(second.next).toBeUndefined();
    });

    it('have the sessions counted that their versions and the arms of their trials served', async () => {
      const [a, b] = await twoStores();
      const of = [{ version: '1.0.0' }, { trial: 7, arm: 'challenger' }, { version: '1.0.0-rc' }] as const;
      expect(await a.findTallies('coder', of)).toEqual([NO_TALLY, NO_TALLY, NO_TALLY]);
      const add = (index: 0 | 1, by: Partial<Tally>, modelName = 'coder') =>
        ({ kind: 'tally', change: { modelName, of: of[index], by } }) as const;
      await a.commit([add(0, { sessions: 1, completed: 1 }), add(1, { sessions: 1, costMicros: 250_000 })]);
      await a.commit([add(0, { sessions: 1, successMillionths: 500_000, rated: 1 })]);
      await a.commit([add(0, { completed: -1 }), add(0, { sessions: 5 }, 'other')]);
      expect(await a.findTallies('coder', of)).toEqual([
        { ...NO_TALLY, sessions: 2, successMillionths: 500_000, rated: 1 },
        { ...NO_TALLY, sessions: 1, costMicros: 250_000 },
        NO_TALLY,
      ]);
      expect(await a.findTallies('coder', of.toReversed())).toMatchObject([NO_TALLY, { costMicros: 250_000 }, {}]);
      expect(await b.findTallies('coder', of)).toEqual([NO_TALLY, NO_TALLY, NO_TALLY]);
      expect((await a.listModelVersions('coder', { limit: 10 })).items).toEqual([]);
    });

    it('lose no count to a version that changes or to one another', async () => {
      const [a] = await twoStores();
      await a.commit([{ kind: 'model-version', before: null, after: aVersion() }]);
      const change = { modelName: 'coder', of: { version: '1.0.0' }, by: { sessions: 1 } };
      const count = async (): Promise<void> => {
        await a.commit([{ kind: 'tally', change }]).catch((error: unknown) => {
          if (!(error instanceof ConcurrentUpdate)) throw error;
          return count();
        });
      };
      const before = (await a.findModelVersion('coder', '1.0.0')) ?? null;
      const archived = { kind: 'model-version', before, after: aVersion({ status: 'archived' }) } as const;
      await Promise.all([...Array.from({ length: 30 }, count), a.commit([archived])]);
      expect(await a.findTallies('coder', [change.of])).toMatchObject([{ sessions: 30 }]);
      expect(await a.findModelVersion('coder', '1.0.0')).toMatchObject({ status: 'archived', revision: 2 });
    });

    it('keep every move of their aliases, the newest first', async () => {
      const [a] = await twoStores();
      for (const seq of [2, 3, 11]) await a.commit([{ kind: 'alias-move', move: aMove({ seq }) }]);
      const first = await a.listAliasMoves('coder', { limit: 2 });
      expect(first.items.map(({ seq }) => seq)).toEqual([11, 3]);
      const second = await a.listAliasMoves('coder', { limit: 2, before: Number(first.next) });
      expect(second.items.map(({ seq }) => seq)).toEqual([2]);
      expect(second.next).toBeUndefined();
    });
  });
};

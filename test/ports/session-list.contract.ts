import { describe, expect, it } from 'vitest';
import type { ItemEngine } from '#adapters/dynamodb/item-engine';
import { makeTenantStore } from '#adapters/dynamodb/tenant-store';
import type { Write } from '#application/ports/write';
import { NotFound } from '#domain/errors';
import { aSession, NOON, someLive } from '#test/support/a-session';

/** What the list of a tenant's sessions must be on every engine. `makeEngine` answers an empty one. */
export const sessionListContract = (makeEngine: () => Promise<ItemEngine>) => {
  const storeOf = async () => makeTenantStore(await makeEngine(), 'A');
  const bothTenants = async () => {
    const engine = await makeEngine();
    return { a: makeTenantStore(engine, 'A'), b: makeTenantStore(engine, 'B') };
  };

  describe('the list of sessions', () => {
    const three = ['S1', 'S2', 'S3'].map(
      (id): Write => ({ kind: 'session', before: null, after: aSession({ id, title: id }) }),
    );

    it('is newest first', async () => {
      const store = await storeOf();
      await store.commit(three);
      const { items, next } = await store.listSessions({ limit: 10 });
      expect(items.map(({ id }) => id)).toEqual(['S3', 'S2', 'S1']);
      expect(items[0]).toStrictEqual(JSON.parse(JSON.stringify(aSession({ id: 'S3', title: 'S3' }))));
      expect(next).toBeUndefined();
      expect(await store.listSessions({ limit: 2 })).toMatchObject({ items: [{}, {}], next: 'S2' });
    });

    it('has the live values of those that have some', async () => {
      const store = await storeOf();
      await store.commit([...three, { kind: 'session-live', before: null, after: someLive({ sessionId: 'S2' }) }]);
      const lives = await store.findLives(['S1', 'S2', 'unknown']);
      expect([...lives.keys()]).toEqual(['S2']);
      expect(lives.get('S2')).toMatchObject({ sessionId: 'S2', revision: 1 });
    });

    it('can be read by ids, in their order', async () => {
      const { a, b } = await bothTenants();
      await a.commit(three);
      expect((await a.findSessions(['S2', 'unknown', 'S3'])).map(({ id }) => id)).toEqual(['S2', 'S3']);
      expect(await b.findSessions(['S2'])).toEqual([]);
    });

    it('answers a deleted session to whoever finds it, not to whoever gets it', async () => {
      const store = await storeOf();
      await store.commit([{ kind: 'session', before: null, after: aSession({ deletedAt: NOON }) }]);
      await expect(store.getSession('SESSION')).rejects.toThrow(NotFound);
      expect(await store.findSession('SESSION')).toMatchObject({ deletedAt: NOON });
    });

    it('yields each session once when it is read one by one', async () => {
      const store = await storeOf();
      await store.commit(three);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.listSessions({ limit: 1, after });
        seen.push(...page.items.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(['S3', 'S2', 'S1']);
    });

    it('shows no session of another tenant', async () => {
      const { a, b } = await bothTenants();
      await a.commit(three);
      expect((await b.listSessions({ limit: 10 })).items).toEqual([]);
    });
  });
};

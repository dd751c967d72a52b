import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, Item, ItemEngine, ItemQuery, Operation } from '#adapters/dynamodb/item-engine';
import { ConcurrentUpdate } from '#domain/errors';

const key = (sk: string, pk = 'P') => ({ pk, sk });
const put = (item: Item, condition: Condition = { kind: 'any' }, what = 'thing'): Operation => ({
  put: item,
  condition,
  what,
});
const remove = (sk: string, condition: Condition = { kind: 'any' }, what = 'thing'): Operation => ({
  remove: key(sk),
  condition,
  what,
});

/** Which element the engine refused; undefined when it took them all. */
const refusedOf = async (engine: ItemEngine, ...operations: Operation[]): Promise<string | undefined> => {
  try {
    await engine.transact(operations);
    return undefined;
  } catch (error) {
    if (error instanceof ConcurrentUpdate) return error.what;
    throw error;
  }
};

const sortKeys = async (engine: ItemEngine, query: Partial<ItemQuery>) =>
  (await engine.query({ pk: 'P', limit: 100, ...query })).map(({ sk }) => sk);

/** What every engine must do. `makeEngine` answers an empty one. */
export const itemEngineContract = (makeEngine: () => Promise<ItemEngine>) => {
  const engineWith = async (...items: Item[]): Promise<ItemEngine> => {
    const engine = await makeEngine();
    for (const item of items) await engine.transact([put(item)]);
    return engine;
  };

  describe('a read', () => {
    it('answers what was put, without what was undefined', async () => {
      const engine = await engineWith({
        ...key('a'),
        n: 1,
        list: ['x'],
        map: { deep: true, no: undefined },
        no: undefined,
      });
      const found = await engine.get(key('a'));
      expect(found).toStrictEqual({ ...key('a'), n: 1, list: ['x'], map: { deep: true } });
    });

    it.each<{ readonly map: object }>([
      { map: { constructor: 1 } },
      { map: { constructor: null, other: 'x' } },
      { map: { a: { constructor: { prototype: 1, name: 'Set' } } } },
      { map: { a: [{ constructor: { name: 'Number' } }, { constructor: { name: 'Object', toString: 'x' } }] } },
      { map: { toString: 1, valueOf: { hasOwnProperty: [] }, toJSON: 'x', NULL: true, S: 'x', value: { N: '1' } } },
    ])('answers an object as it was put, whatever its members are called: $map', async ({ map }) => {
      const engine = await engineWith({ ...key('a'), map });
      expect(await engine.get(key('a'))).toEqual({ ...key('a'), map });
      await engine.transact([put({ ...key('b'), map }), put({ ...key('c'), list: [map] })]);
      expect(
        (await engine.query({ pk: 'P', limit: 9, after: 'a' })).map((item) => item['map'] ?? item['list']),
      ).toEqual([map, [map]]);
    });

    it('answers undefined for an unknown key', async () => {
      expect(await (await engineWith(key('a'))).get(key('b'))).toBeUndefined();
      expect(await (await engineWith(key('a'))).get(key('a', 'Q'))).toBeUndefined();
    });

    it('of many answers in the order of the keys and leaves unknown ones out', async () => {
      const engine = await engineWith(key('a'), key('b'), key('c'));
      const found = await engine.getMany([key('c'), key('unknown'), key('a')]);
      expect(found.map(({ sk }) => sk)).toEqual(['c', 'a']);
      expect(await engine.getMany([])).toEqual([]);
    });

    it('of more than a hundred keys answers all of them', async () => {
      const keys = Array.from({ length: 130 }, (_, index) => key(String(index).padStart(3, '0')));
      const engine = await makeEngine();
      await engine.transact(keys.slice(0, 100).map((item) => put(item)));
      await engine.transact(keys.slice(100).map((item) => put(item)));
      expect((await engine.getMany(keys)).map(({ sk }) => sk)).toEqual(keys.map(({ sk }) => sk));
    });

    it('hands out copies: changing one changes nothing stored', async () => {
      const engine = await engineWith({ ...key('a'), tags: ['x'] });
      const found = await engine.get(key('a'));
      (found?.['tags'] as string[] | undefined)?.push('y');
      expect((await engine.get(key('a')))?.['tags']).toEqual(['x']);
    });
  });

  describe('a condition', () => {
    const stored = { ...key('a'), rev: 3, run: 2, name: 'x', deep: { owner: 'A' } };
    const cases: [Condition, onStored: boolean, onNothing: boolean][] = [
      [{ kind: 'any' }, true, true],
      [{ kind: 'absent' }, false, true],
      [{ kind: 'exists' }, true, false],
      [{ kind: 'revision', revision: 3 }, true, false],
      [{ kind: 'revision', revision: 2 }, false, false],
      [{ kind: 'at-most', attribute: 'run', value: 1 }, false, true],
      [{ kind: 'at-most', attribute: 'run', value: 2 }, true, true],
      [{ kind: 'at-most', attribute: 'other', value: 0 }, true, true],
      [{ kind: 'equals', attribute: 'name', value: 'x' }, true, false],
      [{ kind: 'equals', attribute: 'name', value: 'y' }, false, false],
      [{ kind: 'equals', attribute: 'other', value: 'x' }, false, false],
      [{ kind: 'absent-or-equals', steps: ['deep', 'owner'], value: 'A' }, true, true],
      [{ kind: 'absent-or-equals', steps: ['deep', 'owner'], value: 'B' }, false, true],
      [{ kind: 'absent-or-equals', steps: ['none', 'owner'], value: 'A' }, false, true],
    ];

    it.each(cases)(
      '%j lets a put through on a stored item: %s, on nothing: %s',
      async (condition, onStored, onNothing) => {
        const engine = await engineWith(stored);
        expect(await refusedOf(engine, put({ ...key('a'), new: true }, condition))).toBe(
          onStored ? undefined : 'thing',
        );
        expect((await engine.get(key('a')))?.['new']).toBe(onStored ? true : undefined);
        expect(await refusedOf(engine, put(key('b'), condition))).toBe(onNothing ? undefined : 'thing');
        expect(await engine.get(key('b'))).toEqual(onNothing ? key('b') : undefined);
      },
    );

    it.each(cases)(
      '%j lets a removal through on a stored item: %s, on nothing: %s',
      async (condition, onStored, onNothing) => {
        const engine = await engineWith(stored);
        expect(await refusedOf(engine, remove('a', condition))).toBe(onStored ? undefined : 'thing');
        expect(await engine.get(key('a'))).toEqual(onStored ? undefined : stored);
        expect(await refusedOf(engine, remove('b', condition))).toBe(onNothing ? undefined : 'thing');
      },
    );
  });

  describe('a transaction', () => {
    it('puts and removes together', async () => {
      const engine = await engineWith(key('a'), key('b'));
      await engine.transact([
        remove('a', { kind: 'exists' }),
        put({ ...key('b'), n: 1 }),
        put(key('c'), { kind: 'absent' }),
      ]);
      expect(await engine.query({ pk: 'P', limit: 10 })).toEqual([{ ...key('b'), n: 1 }, key('c')]);
    });

    it('does nothing at all when one of its conditions fails, and names that one', async () => {
      const engine = await engineWith({ ...key('a'), rev: 1 });
      const refused = await refusedOf(
        engine,
        put({ ...key('a'), rev: 2 }, { kind: 'revision', revision: 1 }, 'first'),
        put(key('b'), { kind: 'exists' }, 'second'),
        put(key('c'), { kind: 'exists' }, 'third'),
      );
      expect(refused).toBe('second');
      expect(await engine.query({ pk: 'P', limit: 10 })).toEqual([{ ...key('a'), rev: 1 }]);
    });

    it('of one element names it too', async () => {
      expect(await refusedOf(await engineWith(), put(key('a'), { kind: 'exists' }, 'only'))).toBe('only');
    });

    it('with one key twice is a fault, not a lost race', async () => {
      const engine = await makeEngine();
      await expect(refusedOf(engine, put(key('a')), remove('a'))).rejects.toThrow();
      expect(await engine.get(key('a'))).toBeUndefined();
    });

    it('of more than a hundred elements is a fault, and nothing is written', async () => {
      const engine = await makeEngine();
      const many = Array.from({ length: 101 }, (_, index) => put(key(`k${index}`)));
      await expect(refusedOf(engine, ...many)).rejects.toThrow();
      expect(await engine.query({ pk: 'P', limit: 10 })).toEqual([]);
    });

    it.each([2 ** 53, -(2 ** 53), Number.POSITIVE_INFINITY])(
      'with the number %d, which is not exact, is a fault, and nothing is written',
      async (n) => {
        const engine = await engineWith(key('a'));
        await expect(engine.transact([remove('a'), put({ ...key('b'), deep: { n } })])).rejects.not.toBeInstanceOf(
          ConcurrentUpdate,
        );
        expect(await engine.query({ pk: 'P', limit: 10 })).toEqual([key('a')]);
      },
    );

    it('of nothing is a fault', async () => {
      await expect(refusedOf(await makeEngine())).rejects.toThrow();
    });

    it('is won by one of many that saw the same revision', async () => {
      const engine = await engineWith({ ...key('a'), rev: 0 });
      const attempts = Array.from({ length: 10 }, (_, by) =>
        refusedOf(
          engine,
          put({ ...key('a'), rev: 1, by }, { kind: 'revision', revision: 0 }, 'head'),
          put(key(`event-${by}`), { kind: 'absent' }),
        ),
      );
      const refused = await Promise.all(attempts);
      expect(refused.filter((what) => what === undefined)).toHaveLength(1);
      expect(refused.filter((what) => what === 'head')).toHaveLength(9);
      expect(await sortKeys(engine, { prefix: 'event-' })).toEqual([`event-${refused.indexOf(undefined)}`]);
    });
  });

  describe('an addition', () => {
    const add = (by: Record<string, number>, sk = 'sum'): Operation => ({
      add: key(sk),
      entity: 'tally',
      by,
      what: 'tally',
    });

    it('makes the item where there is none, and leaves the numbers that it does not name', async () => {
      const engine = await makeEngine();
      await engine.transact([add({ a: 2, b: 1 })]);
      await engine.transact([add({ a: -3, c: 5 })]);
      expect(await engine.get(key('sum'))).toEqual({ ...key('sum'), entity: 'tally', a: -1, b: 1, c: 5 });
    });

    it('is part of a transaction: when another element is refused nothing is added', async () => {
      const engine = await engineWith({ ...key('head'), rev: 1 });
      expect(await refusedOf(engine, put(key('head'), { kind: 'revision', revision: 2 }), add({ a: 1 }))).toBe('thing');
      expect(await engine.get(key('sum'))).toBeUndefined();
      await engine.transact([put({ ...key('head'), rev: 2 }, { kind: 'revision', revision: 1 }), add({ a: 1 })]);
      expect(await engine.get(key('sum'))).toMatchObject({ a: 1 });
    });

    it('loses nothing to others that come at the same time', async () => {
      const engine = await makeEngine();
      const addUntilTaken = async (n: number): Promise<void> => {
        if ((await refusedOf(engine, put(key(`other-${n}`)), add({ a: n, count: 1 }))) !== undefined)
          await addUntilTaken(n);
      };
      await Promise.all(Array.from({ length: 40 }, (_, index) => addUntilTaken(index)));
      expect(await engine.get(key('sum'))).toMatchObject({ a: 780, count: 40 });
    });
  });

  describe('a query', () => {
    const letters = ['E#1', 'E#2', 'E#3', 'L#1', 'W#1'].map((sk) => key(sk));

    it('answers one partition in order of the sort keys, whole items', async () => {
      const engine = await engineWith({ ...key('b'), n: 2 }, { ...key('a'), n: 1 }, key('a', 'Q'));
      expect(await engine.query({ pk: 'P', limit: 10 })).toEqual([
        { ...key('a'), n: 1 },
        { ...key('b'), n: 2 },
      ]);
    });

    const cases: [string, Partial<ItemQuery>, string[]][] = [
      ['of a prefix', { prefix: 'E#' }, ['E#1', 'E#2', 'E#3']],
      ['with a limit', { limit: 2 }, ['E#1', 'E#2']],
      ['behind a key', { after: 'E#2' }, ['E#3', 'L#1', 'W#1']],
      ['behind a key that does not exist', { after: 'E#25' }, ['E#3', 'L#1', 'W#1']],
      ['behind a key with a limit', { after: 'E#1', limit: 1 }, ['E#2']],
      ['of a prefix behind a key', { prefix: 'E#', after: 'E#2' }, ['E#3']],
      ['of a prefix behind its last key', { prefix: 'E#', after: 'E#3' }, []],
      ['of a prefix behind a key before it', { prefix: 'L#', after: 'E#1' }, ['L#1']],
      ['of a prefix behind a key after it', { prefix: 'E#', after: 'W#1' }, []],
      ['up to a key', { until: 'L#1' }, ['E#1', 'E#2', 'E#3', 'L#1']],
      ['behind one key up to another', { after: 'E#1', until: 'L#0' }, ['E#2', 'E#3']],
      ['behind a key beyond its end', { after: 'W#', until: 'E#2' }, []],
      ['downwards', { descending: true }, ['W#1', 'L#1', 'E#3', 'E#2', 'E#1']],
      ['downwards behind a key', { descending: true, after: 'E#3' }, ['E#2', 'E#1']],
      ['downwards behind a key with a limit', { descending: true, after: 'L#1', limit: 1 }, ['E#3']],
      ['downwards of a prefix', { descending: true, prefix: 'E#', limit: 2 }, ['E#3', 'E#2']],
      ['downwards of a prefix behind a key', { descending: true, prefix: 'E#', after: 'E#3' }, ['E#2', 'E#1']],
      ['downwards up to a key', { descending: true, until: 'E#2' }, ['E#2', 'E#1']],
    ];

    it.each(cases)('%s answers exactly that', async (_, query, expected) => {
      expect(await sortKeys(await engineWith(...letters), query)).toEqual(expected);
    });

    it('agrees with the plain definition of its fields, whatever they are', async () => {
      const all = ['a', 'a1', 'a2', 'b', 'b1', 'c'];
      const engine = await engineWith(...all.map((sk) => key(sk)));
      const text = fc.constantFrom('a', 'a1', 'a15', 'a2', 'b', 'b1', 'b9', 'c', 'd');
      const queries = fc.record(
        { prefix: text, after: text, until: text, descending: fc.boolean(), limit: fc.integer({ min: 1, max: 7 }) },
        { requiredKeys: ['limit'] },
      );
      const defined = ({ prefix, after, until, descending, limit }: Partial<ItemQuery>) =>
        (descending ? all.toReversed() : all)
          .filter((sk) => prefix === undefined || sk.startsWith(prefix))
          .filter((sk) => after === undefined || (descending ? sk < after : sk > after))
          .filter((sk) => until === undefined || sk <= until)
          .slice(0, limit);
      await fc.assert(
        fc.asyncProperty(queries, async (query) => {
          expect(await sortKeys(engine, query as Partial<ItemQuery>)).toEqual(defined(query as Partial<ItemQuery>));
        }),
        { numRuns: 200, seed: 20260 },
      );
    });

    it('of an index answers the items that have its keys, in its order', async () => {
      const indexed = (sk: string, by: string, of = 'X') => ({ ...key(sk), gsi1pk: of, gsi1sk: by });
      const engine = await engineWith(
        indexed('a', '2'),
        indexed('b', '1'),
        indexed('c', '3'),
        indexed('d', '4', 'Y'),
        key('e'),
      );
      const find = async (query: Partial<ItemQuery>) =>
        (await engine.query({ index: 'gsi1', pk: 'X', limit: 10, ...query })).map(({ sk }) => sk);
      expect(await find({})).toEqual(['b', 'a', 'c']);
      expect(await find({ descending: true, after: '3', limit: 1 })).toEqual(['a']);
      expect(await find({ until: '2' })).toEqual(['b', 'a']);
    });

    it('of an index answers keys only', async () => {
      const engine = await engineWith({ ...key('a'), gsi2pk: 'X', gsi2sk: '1', name: 'hidden' });
      expect(await engine.query({ index: 'gsi2', pk: 'X', limit: 1 })).toEqual([
        { ...key('a'), gsi2pk: 'X', gsi2sk: '1' },
      ]);
    });

    it('no longer finds an item in an index whose keys it has lost', async () => {
      const engine = await engineWith({ ...key('a'), gsi3pk: 'X', gsi3sk: '1' });
      await engine.transact([put(key('a'))]);
      expect(await engine.query({ index: 'gsi3', pk: 'X', limit: 1 })).toEqual([]);
    });

    it('answers up to its limit even when the items are larger than one answer of the database', async () => {
      const large = 'x'.repeat(300_000);
      const engine = await engineWith(...['1', '2', '3', '4', '5'].map((sk) => ({ ...key(sk), large })));
      expect(await sortKeys(engine, { limit: 5 })).toEqual(['1', '2', '3', '4', '5']);
      expect(await sortKeys(engine, { after: '1', limit: 4 })).toEqual(['2', '3', '4', '5']);
    });
  });
};

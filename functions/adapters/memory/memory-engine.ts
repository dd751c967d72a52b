import type { Condition, Item, ItemEngine, ItemQuery, Operation } from '#adapters/dynamodb/item-engine';
import { type IndexName, type Key, TABLE } from '#adapters/dynamodb/table';
import { ConcurrentUpdate } from '#domain/errors';

const keyText = ({ pk, sk }: Key) => `${pk}\n${sk}`;

const valueAt = (item: Item, steps: readonly string[]): unknown =>
  steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], item);

const holds = (condition: Condition, stored: Item | undefined): boolean => {
  switch (condition.kind) {
    case 'any':
      return true;
    case 'absent':
      return stored === undefined;
    case 'exists':
      return stored !== undefined;
    case 'revision':
      return stored?.['rev'] === condition.revision;
    case 'at-most':
      return stored === undefined || Number(stored[condition.attribute] ?? 0) <= condition.value;
    case 'past':
      return stored === undefined || String(stored[condition.attribute] ?? '') <= condition.now;
    case 'equals':
      return stored?.[condition.attribute] === condition.value;
    case 'absent-or-equals':
      return stored === undefined || valueAt(stored, condition.steps) === condition.value;
  }
};

const text = (item: Item, attribute: string) => item[attribute] as string | undefined;

const inRange = (sk: string, { prefix, after, until, descending }: ItemQuery): boolean => {
  if (prefix !== undefined && !sk.startsWith(prefix)) return false;
  if (after !== undefined && (descending ? sk >= after : sk <= after)) return false;
  return until === undefined || sk <= until;
};

const keyOf = (operation: Operation): Key => {
  if ('put' in operation) return operation.put;
  return 'add' in operation ? operation.add : operation.remove;
};

/** The item with the numbers added to its own, which begin at 0. */
const added = (stored: Item | undefined, { add, entity, by }: Extract<Operation, { readonly add: Key }>): Item => ({
  ...stored,
  ...Object.fromEntries(Object.entries(by).map(([name, value]) => [name, Number(stored?.[name] ?? 0) + value])),
  entity,
  ...add,
});

const MAX_OPERATIONS = 100;

/** What the real engine refuses as a whole, because it can only be a mistake. */
const refuseImpossible = (keys: readonly string[]) => {
  if (keys.length === 0 || keys.length > MAX_OPERATIONS)
    throw new Error(`a transaction has 1 to ${MAX_OPERATIONS} elements`);
  if (new Set(keys).size < keys.length) throw new Error('a transaction names each item once');
};

const MAX_ITEM_BYTES = 400 * 1024;
const MAP_BYTES = 3;
const NUMBER_BYTES = 21;

/** Bytes as the real engine counts them, a little more where that is not known exactly. */
const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  const members = Array.isArray(value) ? value.map((one) => ['', one] as const) : Object.entries(value);
  return members.reduce((sum, [name, one]) => sum + Buffer.byteLength(name) + sizeOf(one) + 1, MAP_BYTES);
};

/** JSON drops undefined, as the marshaller of the real engine does; numbers that are not exact are refused, as there. */
const asStored = (item: Item): Item =>
  JSON.parse(
    JSON.stringify(item, (name, value: unknown) => {
      if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER))
        throw new Error(`${name} ${value} is not a number that can be kept`);
      return value;
    }),
  ) as Item;

const refuseTooLarge = (operations: readonly Operation[]) => {
  for (const operation of operations) {
    const bytes = 'put' in operation ? sizeOf(operation.put) : 0;
    if (bytes > MAX_ITEM_BYTES) throw new Error(`a ${operation.what} of ${bytes} bytes is more than ${MAX_ITEM_BYTES}`);
  }
};

/** What an index answers of an item: its own keys and the primary ones. */
const projected = (item: Item, names: { pk: string; sk: string }): Item => ({
  pk: item.pk,
  sk: item.sk,
  [names.pk]: item[names.pk],
  [names.sk]: item[names.sk],
});

/** The engine in memory, for tests of what stands on it. `items` shows what is stored; `onCommit` sees every transaction. */
export const makeMemoryEngine = ({
  onCommit,
}: {
  onCommit?: (items: readonly Item[]) => void;
} = {}): ItemEngine & {
  items(): readonly Item[];
} => {
  const stored = new Map<string, Item>();

  const select = (query: ItemQuery, index: IndexName | undefined): Item[] => {
    const names = index ? TABLE.indexes[index] : TABLE;
    return [...stored.values()]
      .filter((item) => text(item, names.pk) === query.pk && inRange(text(item, names.sk) ?? '', query))
      .sort((a, b) => ((text(a, names.sk) ?? '') < (text(b, names.sk) ?? '') ? -1 : 1) * (query.descending ? -1 : 1))
      .slice(0, query.limit)
      .map((item) => (index ? projected(item, names) : item));
  };

  return {
    items: () => [...stored.values()],
    get: async (key) => structuredClone(stored.get(keyText(key))),
    getMany: async (keys) => keys.flatMap((key) => structuredClone(stored.get(keyText(key))) ?? []),
    query: async (query) => structuredClone(select(query, query.index)),
    transact: async (operations) => {
      refuseImpossible(operations.map((operation) => keyText(keyOf(operation))));
      for (const operation of operations) {
        if (!('add' in operation) && !holds(operation.condition, stored.get(keyText(keyOf(operation)))))
          throw new ConcurrentUpdate(operation.what);
      }
      refuseTooLarge(operations);
      const kept = operations.map((one) => {
        if ('add' in one) return { put: asStored(added(stored.get(keyText(one.add)), one)) };
        return 'put' in one ? { put: asStored(one.put) } : one;
      });
      const written = operations.flatMap((operation) => ('put' in operation ? [structuredClone(operation.put)] : []));
      for (const operation of kept) {
        if ('put' in operation) stored.set(keyText(operation.put), operation.put);
        else stored.delete(keyText(operation.remove));
      }
      onCommit?.(written);
    },
  };
};

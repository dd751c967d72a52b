import type { Condition, Item, Operation } from './item-engine.ts';
import type * as keys from './table.ts';

type Versioned = { readonly revision: number };

/** That the stored entity is still the one the change was made for. */
export const seen = (before: Versioned | null): Condition =>
  before === null ? { kind: 'absent' } : { kind: 'revision', revision: before.revision };

/** A versioned entity, one revision further. */
export const put = (
  what: string,
  key: keys.Key,
  { before, after }: { before: Versioned | null; after: Versioned },
  indexes: Readonly<Record<string, unknown>> = {},
): Operation => {
  const rev = (before?.revision ?? 0) + 1;
  return { put: { ...after, revision: rev, rev, entity: what, ...indexes, ...key }, condition: seen(before), what };
};

/** An item that nothing stands in the place of, unless the condition admits it. */
export const putNew = (
  what: string,
  key: keys.Key,
  fields: object,
  condition: Condition = { kind: 'absent' },
): Operation => ({
  put: { ...fields, entity: what, ...key } as Item,
  condition,
  what,
});

/** Numbers added to those of an item, whatever they are now; transactions that meet over it are repeated. */
export const addTo = (what: string, key: keys.Key, by: object): Operation => ({
  add: key,
  entity: what,
  by: by as Readonly<Record<string, number>>,
  what,
});

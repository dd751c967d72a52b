import type { Item, ItemEngine } from './item-engine.ts';
import * as keys from './table.ts';

/** A stored item is not what its key says. Nothing sensible can be done with it. */
export class CorruptItem extends Error {
  constructor(key: keys.Key, expected: string) {
    super(`item ${key.pk} ${key.sk} is not a ${expected}`);
  }
}

/** Keys belong to the table: carried along in an entity, they would be written back when the entity has moved on. */
const STORAGE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'rev',
  'entity',
  keys.TABLE.pk,
  keys.TABLE.sk,
  keys.TABLE.ttl,
  ...Object.values(keys.TABLE.indexes).flatMap(({ pk, sk }) => [pk, sk]),
]);

/** The entity in an item, without what belongs to the table. @throws CorruptItem */
export const entityOf = <T>(item: Item | undefined, entity: string): T | undefined => {
  if (item === undefined) return undefined;
  if (item['entity'] !== entity) throw new CorruptItem(item, entity);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !STORAGE_ATTRIBUTES.has(name))) as T;
};

/** Finds one entity by its key. */
export type Find = <T>(key: keys.Key, entity: string) => Promise<T | undefined>;

/** A finder on an engine. */
export const finderOn =
  (engine: ItemEngine): Find =>
  async <T>(key: keys.Key, entity: string) =>
    entityOf<T>(await engine.get(key), entity);

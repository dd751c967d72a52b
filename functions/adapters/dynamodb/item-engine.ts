import type { IndexName, Key } from './table.ts';

export type Item = Key & Readonly<Record<string, unknown>>;

/** What must be true of the stored item for an operation to happen. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'revision'; readonly revision: number }
  | { readonly kind: 'exists' }
  | { readonly kind: 'any' }
  /** A number attribute that is absent or not greater. */
  | { readonly kind: 'at-most'; readonly attribute: string; readonly value: number }
  /** A time (ISO) that is absent or not after another one. */
  | { readonly kind: 'past'; readonly attribute: string; readonly now: string }
  | { readonly kind: 'equals'; readonly attribute: string; readonly value: string }
  /** No item at all, or one with this value where the steps lead. */
  | { readonly kind: 'absent-or-equals'; readonly steps: readonly string[]; readonly value: string };

/** One element of a transaction. `what` names it for whoever reads the refusal. */
export type Operation =
  | { readonly put: Item; readonly condition: Condition; readonly what: string }
  | { readonly remove: Key; readonly condition: Condition; readonly what: string }
  /** Adds whole numbers to those of an item, which is made where there is none. It has no condition; two transactions that meet over it still exclude each other. */
  | {
      readonly add: Key;
      readonly entity: string;
      readonly by: Readonly<Record<string, number>>;
      readonly what: string;
    };

export interface ItemQuery {
  readonly pk: string;
  readonly index?: IndexName;
  readonly prefix?: string;
  /** Only sort keys behind this one, in the direction of the query. */
  readonly after?: string | undefined;
  /** Only sort keys up to this one. */
  readonly until?: string;
  readonly descending?: boolean;
  readonly limit: number;
}

/** What the stores need of a table. Queries of an index answer keys only; all other reads are strongly consistent. */
export interface ItemEngine {
  get(key: Key): Promise<Item | undefined>;
  /** In the order of the keys; unknown ones are left out. */
  getMany(keys: readonly Key[]): Promise<readonly Item[]>;
  query(query: ItemQuery): Promise<readonly Item[]>;
  /** All or nothing. @throws ConcurrentUpdate naming the first element whose condition failed */
  transact(operations: readonly Operation[]): Promise<void>;
}

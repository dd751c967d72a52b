import type { Item, ItemEngine } from '#adapters/dynamodb/item-engine';
import type { Clock } from '#application/ports/clock';
import type { TaskTokens } from '#application/ports/executions';
import type { Identifiers } from '#application/ports/identifiers';
import type { Secrets } from '#application/ports/secrets';
import { NOON } from './a-session.ts';

/** A clock that stands still until it is moved. */
export const aClock = (): Clock & { advance(seconds: number): void } => {
  let now = Date.parse(NOON);
  return {
    now: () => now,
    pause: async () => undefined,
    advance(seconds) {
      now += seconds * 1000;
    },
  };
};

const ULID_LENGTH = 26;

/** Identifiers in the order they are asked for, of the right grammar. */
export const countedIdentifiers = (): Identifiers => {
  let count = 0;
  const next = (length: number) => String(++count).padStart(length, '0');
  return { ulid: () => next(ULID_LENGTH), credentialId: () => next(12), secret: () => next(43) };
};

/** Task tokens that remember who completed them. */
export const recordingTokens = (): TaskTokens & { readonly completed: string[] } => {
  const completed: string[] = [];
  return {
    completed,
    async complete(taskToken) {
      completed.push(taskToken);
    },
  };
};

export const fixedSecrets: Secrets = {
  agentMasterKey: async () => 'master key',
  bootstrapToken: async () => 'bootstrap token',
};

/** An engine on which something else happens right before or after the next transaction that has such an element. */
export interface InterruptedEngine extends ItemEngine {
  before(what: string, act: () => Promise<unknown>): void;
  after(what: string, act: () => Promise<unknown>): void;
}

interface Interruption {
  readonly what: string;
  readonly act: () => Promise<unknown>;
}

/** Lets a test step in between two steps of a use case. Each interruption happens once. */
export const interrupted = (engine: ItemEngine): InterruptedEngine => {
  const waiting: { before: Interruption[]; after: Interruption[] } = { before: [], after: [] };
  const due = async (when: 'before' | 'after', names: readonly string[]) => {
    const found = waiting[when].find(({ what }) => names.includes(what));
    if (found === undefined) return;
    waiting[when].splice(waiting[when].indexOf(found), 1);
    await found.act();
  };
  return {
    ...engine,
    before: (what, act) => waiting.before.push({ what, act }),
    after: (what, act) => waiting.after.push({ what, act }),
    async transact(operations) {
      const names = operations.map(({ what }) => what);
      await due('before', names);
      await engine.transact(operations);
      await due('after', names);
    },
  };
};

/** What stands in the table, told apart by the name of the entity. */
export const entities = (items: readonly Item[], entity: string): Item[] =>
  items.filter((item) => item['entity'] === entity);

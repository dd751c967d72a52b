import type { ItemEngine } from '#adapters/dynamodb/item-engine';

/** An engine on which every call waits until `turn` lets it go on, so that a test picks who reads and writes next. */
export const engineInTurns = (engine: ItemEngine, turn: (call: string) => Promise<unknown>): ItemEngine => {
  const inTurn = async <T>(call: string, act: () => Promise<T>): Promise<T> => {
    await turn(call);
    return act();
  };
  return {
    get: (key) => inTurn('get', () => engine.get(key)),
    getMany: (keys) => inTurn('get many', () => engine.getMany(keys)),
    query: (query) => inTurn('query', () => engine.query(query)),
    transact: (operations) => inTurn('transact', () => engine.transact(operations)),
  };
};

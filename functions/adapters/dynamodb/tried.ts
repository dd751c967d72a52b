import { ConcurrentUpdate } from '#domain/errors';
import type { ItemEngine, Operation } from './item-engine.ts';

/** Does one operation alone. Answers whether its condition held. */
export const tried = async (engine: ItemEngine, operation: Operation): Promise<boolean> => {
  try {
    await engine.transact([operation]);
    return true;
  } catch (error) {
    if (error instanceof ConcurrentUpdate) return false;
    throw error;
  }
};

import { ConcurrentUpdate } from '#domain/errors';

/**
 * Looks at each piece of due work; a fault with one keeps no other from its look. Whoever moved it first was its owner.
 * @throws AggregateError with every fault, after all were looked at
 */
export const sweepEach = async <T>(found: readonly T[], look: (one: T) => Promise<void>): Promise<void> => {
  const failures: unknown[] = [];
  for (const one of found) {
    try {
      await look(one);
    } catch (error) {
      if (!(error instanceof ConcurrentUpdate)) failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${found.length} could not be looked at`);
};

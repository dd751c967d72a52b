import { ConcurrentUpdate } from '#domain/errors';

const ATTEMPTS = 8;

/** Whether a repeat could win: a request that was answered under the same idempotency key never can. */
const isWorthRepeating = (error: unknown) => error instanceof ConcurrentUpdate && error.what !== 'idempotency';

/**
 * Reads, decides and commits anew when somebody else moved first. The decision must not have effects of its own.
 * @throws ConcurrentUpdate when it lost every time
 */
export const retryConflict = async <T>(decide: () => Promise<T>, attempts = ATTEMPTS): Promise<T> => {
  for (let left = attempts; ; left--) {
    try {
      return await decide();
    } catch (error) {
      if (left <= 1 || !isWorthRepeating(error)) throw error;
    }
  }
};

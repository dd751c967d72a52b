import { ConcurrentUpdate } from '#domain/errors';
import type { Clock } from './ports/clock.ts';

const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 400;

/** Whether a repeat could win: a request that was answered under the same idempotency key never can. */
const isWorthRepeating = (error: unknown) => error instanceof ConcurrentUpdate && error.what !== 'idempotency';

/** Any time up to a limit that doubles: contenders that collided once spread out, whatever their number. */
const pauseAfter = (failures: number): number =>
  Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));

/**
 * Reads, decides and commits anew when somebody else moved first. The decision must not have effects of its own.
 * @throws ConcurrentUpdate when it lost every time
 */
export const retryConflict = async <T>(
  clock: Pick<Clock, 'pause'>,
  decide: () => Promise<T>,
  attempts = ATTEMPTS,
): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      return await decide();
    } catch (error) {
      if (failures >= attempts || !isWorthRepeating(error)) throw error;
      await clock.pause(pauseAfter(failures));
    }
  }
};

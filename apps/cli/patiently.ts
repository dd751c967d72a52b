import { ApiProblem, ApiUnreachable } from '#contracts/client';

const pausesMs = [500, 1000, 2000, 4000, 8000, 16_000];

const isPassing = (error: unknown) =>
  error instanceof ApiUnreachable || (error instanceof ApiProblem && error.problem.retryable);

/** Repeats a read while the API is away for a moment; gives up after half a minute with the last error. */
export const patiently = async <T>(
  read: () => Promise<T>,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<T> => {
  for (const pause of pausesMs) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(pause);
    }
  }
  return read();
};

import { describe, expect, it } from 'vitest';
import { retryConflict } from '#application/retry-conflict';
import { ConcurrentUpdate } from '#domain/errors';

/** Fails so often with this error before it answers. */
const failing = (times: number, error: Error) => {
  let calls = 0;
  return {
    calls: () => calls,
    decide: async () => {
      calls++;
      if (calls <= times) throw error;
      return calls;
    },
  };
};

describe('a decision that lost a race', () => {
  it('is made anew until it wins', async () => {
    expect(await retryConflict(failing(7, new ConcurrentUpdate('session')).decide)).toBe(8);
  });

  it('gives up after eight times', async () => {
    const { decide, calls } = failing(8, new ConcurrentUpdate('session'));
    await expect(retryConflict(decide)).rejects.toMatchObject({ what: 'session' });
    expect(calls()).toBe(8);
  });

  it('may be made fewer times', async () => {
    const { decide, calls } = failing(2, new ConcurrentUpdate('session'));
    await expect(retryConflict(decide, 2)).rejects.toThrow(ConcurrentUpdate);
    expect(calls()).toBe(2);
  });

  it.each([
    ['was answered under the same idempotency key', new ConcurrentUpdate('idempotency')],
    ['failed otherwise', new Error('the table does not answer')],
  ])('is not made anew when it %s', async (_, error) => {
    const { decide, calls } = failing(1, error);
    await expect(retryConflict(decide)).rejects.toBe(error);
    expect(calls()).toBe(1);
  });
});

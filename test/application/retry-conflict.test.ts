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

/** A clock whose pauses take no time and are remembered. */
const paused = () => {
  const pauses: number[] = [];
  return { pauses, clock: { pause: async (milliseconds: number) => void pauses.push(milliseconds) } };
};

describe('a decision that lost a race', () => {
  it('is made anew until it wins', async () => {
    expect(await retryConflict(paused().clock, failing(7, new ConcurrentUpdate('session')).decide)).toBe(8);
  });

  it('gives up after eight times', async () => {
    const { decide, calls } = failing(8, new ConcurrentUpdate('session'));
    await expect(retryConflict(paused().clock, decide)).rejects.toMatchObject({ what: 'session' });
    expect(calls()).toBe(8);
  });

  it('pauses before each repeat, at random below a limit that doubles', async () => {
    const { pauses, clock } = paused();
    await retryConflict(clock, failing(7, new ConcurrentUpdate('session')).decide);
    const limits = [10, 20, 40, 80, 160, 320, 400];
    expect(pauses).toHaveLength(limits.length);
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThanOrEqual(limits[index] as number);
    }
    expect(new Set(pauses).size).toBe(pauses.length);
  });

  it('may be made fewer times', async () => {
    const { decide, calls } = failing(2, new ConcurrentUpdate('session'));
    await expect(retryConflict(paused().clock, decide, 2)).rejects.toThrow(ConcurrentUpdate);
    expect(calls()).toBe(2);
  });

  it.each([
    ['was answered under the same idempotency key', new ConcurrentUpdate('idempotency')],
    ['failed otherwise', new Error('the table does not answer')],
  ])('is not made anew when it %s', async (_, error) => {
    const { decide, calls } = failing(1, error);
    await expect(retryConflict(paused().clock, decide)).rejects.toBe(error);
    expect(calls()).toBe(1);
  });
});

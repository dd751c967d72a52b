import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatedWaits, remember, usualStay } from '#domain/gate/queue-position';

const seconds = fc.integer({ min: 0, max: 10_000 });
const always = (stay: number) => ({ stays: [stay, stay, stay, stay, stay] });

describe('the usual stay inside a gate', () => {
  it('is the median of the newest 20, and unknown before there are 5', () => {
    expect(usualStay()).toBeUndefined();
    expect(usualStay([1, 2, 3, 4])).toBeUndefined();
    expect(usualStay([9, 1, 5, 3, 100])).toBe(5);
    expect(usualStay([9, 1, 5, 3, 100, 6])).toBe(5.5);
    const many = Array.from({ length: 30 }, (_, n) => n).reduce<readonly number[]>(remember, []);
    expect(many).toEqual(Array.from({ length: 20 }, (_, n) => n + 10));
    expect(remember(undefined, 7)).toEqual([7]);
  });

  it('lies in the middle, in whatever order the stays ended', () => {
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 5, maxLength: 20 }), (stays) => {
        const usual = usualStay(stays) as number;
        const half = stays.length / 2;
        expect(stays.filter((stay) => stay < usual).length).toBeLessThanOrEqual(half);
        expect(stays.filter((stay) => stay > usual).length).toBeLessThanOrEqual(half);
      }),
    );
  });
});

describe('the estimated wait', () => {
  it('of five waiters before three holders is as in the example', () => {
    expect(estimatedWaits({ limit: 3, ...always(600) }, [100, 400, 50], 5)).toEqual([200, 500, 550, 800, 1100]);
  });

  it('counts a holder that has outstayed the usual time as gone after a tenth of it', () => {
    expect(estimatedWaits({ limit: 1, ...always(600) }, [900], 2)).toEqual([60, 660]);
  });

  it('is nothing where a place is free, and rounded up', () => {
    expect(estimatedWaits({ limit: 2, ...always(10) }, [0.5], 3)).toEqual([0, 10, 10]);
  });

  it('does not count the places that a lowered limit takes away', () => {
    expect(estimatedWaits({ limit: 1, ...always(600) }, [500, 400, 100], 2)).toEqual([500, 1100]);
  });

  it('is unknown with too few stays, and before a gate that lets nobody in', () => {
    expect(estimatedWaits({ limit: 1, stays: [1, 2, 3, 4] }, [], 1)).toBeUndefined();
    expect(estimatedWaits({ limit: 1 }, [], 1)).toBeUndefined();
    expect(estimatedWaits({ limit: 0, ...always(600) }, [], 1)).toBeUndefined();
  });

  it('never falls from one waiter to the next, and the n-th behind the limit waits one stay longer than the n-th', () => {
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 6 }), fc.integer({ min: 1, max: 6 }), (worked, limit) => {
        const waits = estimatedWaits({ limit, ...always(600) }, worked, 20) ?? [];
        expect(waits).toEqual(waits.toSorted((a, b) => a - b));
        for (const [index, wait] of waits.slice(limit).entries()) expect(wait).toBe((waits[index] as number) + 600);
      }),
    );
  });
});

import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { firstUlidOf } from '#domain/ulid';

const moment = fc.integer({ min: 1, max: 2 ** 47 });

describe('the first ULID of a moment', () => {
  it('sorts behind every id made before, and not behind any made then', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 100_000 }), (ms, earlier) => {
        expect(firstUlidOf(ms) <= ulid(ms)).toBe(true);
        if (ms > earlier) expect(ulid(ms - earlier) < firstUlidOf(ms)).toBe(true);
      }),
    );
  });

  it('of a moment before all time is the first of all', () => {
    expect(firstUlidOf(-1)).toBe('0'.repeat(26));
  });
});

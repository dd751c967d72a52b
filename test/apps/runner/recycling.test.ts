import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyRecycle } from '#apps/runner/recycling';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GIGABYTE = 1024 ** 3;
const fine = { ageMs: HOUR, idleMs: undefined, memoryBytes: 0.4 * GIGABYTE };

describe('a server', () => {
  it.each([
    [{}, undefined],
    [{ idleMs: 14 * MINUTE }, undefined],
    [{ idleMs: 15 * MINUTE }, 'nobody needed it'],
    [{ ageMs: 6 * HOUR }, undefined],
    [{ ageMs: 6 * HOUR + 1 }, 'older than 6 hours'],
    [{ memoryBytes: 1.5 * GIGABYTE }, undefined],
    [{ memoryBytes: 1.5 * GIGABYTE + 1 }, 'more than 1.5 GB'],
    [{ memoryBytes: undefined }, undefined],
  ])('with %j is recycled: %s', (condition, reason) => {
    const why = whyRecycle({ ...fine, ...condition });
    if (reason === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(reason);
  });

  it('that is to go does not become one to stay by getting older, larger or idle for longer', () => {
    const size = fc.nat(24 * HOUR);
    const condition = fc.record({ ageMs: size, idleMs: size, memoryBytes: fc.nat(4 * GIGABYTE) });
    fc.assert(
      fc.property(condition, condition, (one, more) => {
        const later = {
          ageMs: one.ageMs + more.ageMs,
          idleMs: one.idleMs + more.idleMs,
          memoryBytes: one.memoryBytes + more.memoryBytes,
        };
        expect(whyRecycle(one) !== undefined && whyRecycle(later) === undefined).toBe(false);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyGate, type Gate, type Holder, type Waiter } from '#domain/gate/gate';
import { nextRecount, recountGate } from '#domain/gate/recount';
import { NOON } from '#test/support/a-session';

const gate = (fields: Partial<Gate> = {}): Gate => ({ ...emptyGate('sessions', 2, 10), lastToken: 7, ...fields });
const holder = (owner: string): Holder => ({ owner, token: 1, since: NOON });
const waiter = (owner: string): Waiter => ({ owner, adjustedMs: 0, ticket: owner, since: NOON });
const nobody = { holders: [], stale: [], waiting: 0, first: [] };

describe('recounting a gate', () => {
  it('leaves one alone whose counters are right', () => {
    expect(recountGate(gate(), nobody, NOON)).toBeUndefined();
    const full = { holders: [holder('A'), holder('B')], stale: [], waiting: 1, first: [waiter('C')] };
    expect(recountGate(gate({ held: 2, waiting: 1 }), full, NOON)).toBeUndefined();
  });

  it('frees a stale holder and lets the first waiter in with a new token', () => {
    const [a, b] = [holder('A'), holder('B')];
    const seen = { holders: [a, b], stale: [b], waiting: 2, first: [waiter('C'), waiter('D')] };
    expect(recountGate(gate({ held: 2, waiting: 2 }), seen, NOON)).toEqual({
      before: gate({ held: 2, waiting: 2 }),
      after: gate({ held: 2, waiting: 1, lastToken: 8 }),
      drift: -1,
      freed: [b],
      admitted: [{ waiter: waiter('C'), holder: { owner: 'C', token: 8, since: NOON } }],
    });
  });

  it.each([
    ['holders', { held: 2 }, { ...nobody, holders: [holder('A')] }, -1, { held: 1 }],
    [
      'waiters',
      { held: 2, waiting: 0 },
      { ...nobody, holders: [holder('A'), holder('B')], waiting: 3 },
      3,
      { waiting: 3 },
    ],
    [
      'neither, but places are free',
      { waiting: 1 },
      { ...nobody, waiting: 1, first: [waiter('A')] },
      0,
      { held: 1, waiting: 0 },
    ],
  ] as const)('corrects the number of %s', (_name, stored, seen, drift, after) => {
    expect(recountGate(gate(stored), seen, NOON)).toMatchObject({ drift, after });
  });

  it('whatever was counted, holders equal the counter, the limit holds, and a second recount finds nothing', () => {
    const sizes = fc.nat({ max: 6 });
    fc.assert(
      fc.property(sizes, sizes, sizes, sizes, sizes, sizes, (limit, held, waiting, inside, bad, queue) => {
        const holders = Array.from({ length: inside }, (_, index) => holder(`H${index}`));
        const first = Array.from({ length: queue }, (_, index) => waiter(`W${index}`));
        const before = gate({ limit, held, waiting });
        const stale = holders.slice(0, bad);
        const change = recountGate(before, { holders, stale, waiting: queue, first }, NOON);
        const after = change?.after ?? before;
        const admitted = change?.admitted ?? [];
        const left = [...holders.slice(bad), ...admitted.map((one) => one.holder)];
        expect(after).toMatchObject({ held: left.length, waiting: queue - admitted.length });
        if (admitted.length > 0) expect(after.held).toBeLessThanOrEqual(limit);
        const rest = { holders: left, stale: [], waiting: after.waiting, first: first.slice(admitted.length) };
        expect(recountGate(after, rest, NOON)).toBeUndefined();
      }),
    );
  });

  it('comes every minute while somebody is inside or waits, else every ten', () => {
    const at = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1000).toISOString();
    expect(nextRecount({ held: 1, waiting: 0 }, Date.parse(NOON))).toBe(at(60));
    expect(nextRecount({ held: 0, waiting: 1 }, Date.parse(NOON))).toBe(at(60));
    expect(nextRecount({ held: 0, waiting: 0 }, Date.parse(NOON))).toBe(at(600));
  });
});

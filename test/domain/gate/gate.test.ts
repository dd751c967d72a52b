import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyGate,
  enter,
  type Gate,
  type GateChange,
  giveUp,
  type Holder,
  isOpen,
  leave,
  reorder,
  type Waiter,
} from '#domain/gate/gate';
import { adjustedTime } from '#domain/gate/priority';
import { NOON } from '#test/support/a-session';

const arrival = (owner: string, adjustedMs = 0): Waiter => ({ owner, adjustedMs, ticket: owner, since: NOON });
const gate = (fields: Partial<Gate> = {}): Gate => ({ ...emptyGate('sessions', 1, 2), ...fields });

/** Items of a gate as a store would keep them. */
const aStore = (limit: number, maxWaiting: number) => {
  let state = emptyGate('sessions', limit, maxWaiting);
  const holders = new Map<string, Holder>();
  const waiters = new Map<string, Waiter>();
  const first = () =>
    [...waiters.values()].sort((a, b) => a.adjustedMs - b.adjustedMs || (a.ticket < b.ticket ? -1 : 1))[0];
  const apply = ({ after, addHolder, addWaiter, removeHolder, removeWaiters = [] }: GateChange) => {
    state = after;
    if (removeHolder) holders.delete(removeHolder.owner);
    for (const { owner } of removeWaiters) waiters.delete(owner);
    if (addHolder) holders.set(addHolder.owner, addHolder);
    if (addWaiter) waiters.set(addWaiter.owner, addWaiter);
  };
  return { holders, waiters, first, apply, gate: () => state };
};

describe('a gate', () => {
  it('lets an arrival in while there is a place and nobody waits for it', () => {
    expect(isOpen(gate())).toBe(true);
    expect(enter(gate(), arrival('A'))).toMatchObject({
      after: { held: 1, lastToken: 1 },
      addHolder: { owner: 'A', token: 1 },
    });
  });

  it('makes an arrival wait behind those who wait, even when a place is free', () => {
    expect(isOpen(gate({ waiting: 1 }))).toBe(false);
    expect(enter(gate({ waiting: 1 }), arrival('B'))).toMatchObject({
      after: { held: 0, waiting: 2 },
      addWaiter: { owner: 'B' },
    });
  });

  it('refuses an arrival when its queue is full', () => {
    expect(() => enter(gate({ held: 1, waiting: 2 }), arrival('D'))).toThrow('2 of 2 queued sessions are in use');
  });

  const holder: Holder = { owner: 'A', token: 1, since: NOON };

  it('hands the place over in the change that frees it, with a greater token', () => {
    const change = leave(gate({ held: 1, waiting: 1, lastToken: 1 }), holder, arrival('B'), { at: NOON });
    expect(change).toMatchObject({
      after: { held: 1, waiting: 0, lastToken: 2 },
      removeHolder: { owner: 'A' },
      addHolder: { owner: 'B', token: 2 },
      removeWaiters: [{ owner: 'B' }],
    });
  });

  it('remembers how long a stay took when it is told', () => {
    expect(leave(gate({ held: 1, stays: [3] }), holder, undefined, { at: NOON, stay: 7 }).after.stays).toEqual([3, 7]);
    expect(leave(gate({ held: 1, stays: [3] }), holder, undefined, { at: NOON }).after.stays).toEqual([3]);
  });

  it('gives a waiter another place, and moves although nothing is counted anew', () => {
    const waiting = gate({ held: 1, waiting: 1 });
    expect(reorder(waiting, arrival('B', 5), 2)).toEqual({
      before: waiting,
      after: waiting,
      removeWaiters: [arrival('B', 5)],
      addWaiter: arrival('B', 2),
    });
  });

  it('lets nobody in while more are inside than a lowered limit admits', () => {
    const change = leave(gate({ limit: 1, held: 2, waiting: 1 }), holder, arrival('B'), { at: NOON });
    expect(change).toMatchObject({ after: { held: 1, waiting: 1 } });
    expect(change.addHolder).toBeUndefined();
  });

  it('gets emptier when nobody waits, and shorter when a waiter gives up', () => {
    expect(leave(gate({ held: 1 }), holder, undefined, { at: NOON }).after.held).toBe(0);
    expect(giveUp(gate({ held: 1, waiting: 1 }), arrival('B'), undefined, NOON).after.waiting).toBe(0);
  });

  it('lets the next one in when a waiter gives up while a place is free, and only then', () => {
    const change = giveUp(gate({ waiting: 2, lastToken: 3 }), arrival('B'), arrival('C'), NOON);
    expect(change).toMatchObject({
      after: { held: 1, waiting: 0, lastToken: 4 },
      addHolder: { owner: 'C', token: 4, since: NOON },
      removeWaiters: [{ owner: 'B' }, { owner: 'C' }],
    });
    const full = giveUp(gate({ held: 1, waiting: 2 }), arrival('B'), arrival('C'), NOON);
    expect(full).toMatchObject({ after: { held: 1, waiting: 1 }, removeWaiters: [{ owner: 'B' }] });
    expect(full.addHolder).toBeUndefined();
  });

  it('lets an arrival in before those who may not be let in any more', () => {
    expect(enter(gate({ waiting: 1 }), arrival('B'), true)).toMatchObject({ after: { held: 1, waiting: 1 } });
  });

  interface Step {
    readonly act: 'enter' | 'leave' | 'give up';
    readonly pick: number;
    readonly time: number;
  }

  const changeOf = (
    store: ReturnType<typeof aStore>,
    { act, pick, time }: Step,
    index: number,
  ): GateChange | undefined => {
    const inside = [...store.holders.values()][pick % (store.holders.size || 1)];
    const waiting = [...store.waiters.values()][pick % (store.waiters.size || 1)];
    if (act === 'enter') return store.gate().waiting < 5 ? enter(store.gate(), arrival(`S${index}`, time)) : undefined;
    if (act === 'leave') return inside && leave(store.gate(), inside, store.first(), { at: NOON });
    return waiting && giveUp(store.gate(), waiting, undefined, NOON);
  };

  it('counts what it holds, never exceeds its limit, and admits in order, whatever happens', () => {
    const step: fc.Arbitrary<Step> = fc.record({
      act: fc.constantFrom('enter', 'leave', 'give up'),
      pick: fc.nat(),
      time: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const store = aStore(limit, 5);
        for (const [index, one] of steps.entries()) {
          const first = store.first()?.owner;
          const before = store.gate().lastToken;
          const change = changeOf(store, one, index);
          if (change) store.apply(change);
          if (one.act === 'leave') expect(change?.addHolder?.owner).toBe(change && first);
          expect(store.gate()).toMatchObject({ held: store.holders.size, waiting: store.waiters.size });
          expect(store.gate().held).toBeLessThanOrEqual(limit);
          expect(store.gate().lastToken).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });
});

describe('the order of a queue', () => {
  const at = (time: string) => Date.parse(`2026-11-20T${time}:00.000Z`);

  it('is by time minus the head start of the priority', () => {
    const queue = [
      ['M2', at('10:25'), 'medium'],
      ['L1', at('10:05'), 'low'],
      ['D1', at('08:30'), 'deferred'],
      ['C1', at('10:40'), 'critical'],
      ['M1', at('10:00'), 'medium'],
      ['H1', at('10:20'), 'high'],
    ] as const;
    const ordered = [...queue].sort((a, b) => adjustedTime(a[1], a[2]) - adjustedTime(b[1], b[2]));
    expect(ordered.map(([name]) => name)).toEqual(['C1', 'H1', 'M1', 'M2', 'D1', 'L1']);
    expect(new Date(adjustedTime(at('10:05'), 'critical')).toISOString()).toBe('2026-11-20T09:05:00.000Z');
  });
});

import { QuotaExceeded } from '#domain/errors';
import { remember } from './queue-position.ts';

/**
 * A counted capacity: at most `limit` holders, everybody else waits in order.
 * `held` and `waiting` equal the number of holder and waiter items at every commit.
 */
export interface Gate {
  readonly name: string;
  readonly limit: number;
  readonly maxWaiting: number;
  readonly held: number;
  readonly waiting: number;
  /** The newest fencing token given out; only grows. */
  readonly lastToken: number;
  /** Seconds that the newest stays took, oldest first; only of those that say so when they leave. */
  readonly stays?: readonly number[] | undefined;
  /** When the sweeper recounts it; moved by nobody else. */
  readonly dueAt?: string | undefined;
  readonly revision: number;
}

/** Who is inside. A stale holder is recognized by its token. */
export interface Holder {
  readonly owner: string;
  readonly token: number;
  readonly since: string;
}

/** Who waits. Ordered by adjusted time, then ticket. */
export interface Waiter {
  readonly owner: string;
  readonly adjustedMs: number;
  readonly ticket: string;
  readonly since: string;
}

/** What one transaction does to a gate. */
export interface GateChange {
  readonly before: Gate;
  readonly after: Gate;
  readonly addHolder?: Holder;
  readonly addWaiter?: Waiter;
  readonly removeHolder?: Holder;
  readonly removeWaiters?: readonly Waiter[];
}

const grant = (gate: Gate, owner: string, since: string): Holder => ({ owner, token: gate.lastToken + 1, since });

/** A gate that nobody has entered. */
export const emptyGate = (name: string, limit: number, maxWaiting: number): Gate => ({
  name,
  limit,
  maxWaiting,
  held: 0,
  waiting: 0,
  lastToken: 0,
  revision: 0,
});

/** Whether a place is free. */
export const hasPlace = ({ held, limit }: Gate): boolean => held < limit;

/** Whether an arrival would be let in at once: a place is free and nobody waits for it. */
export const isOpen = (gate: Gate): boolean => hasPlace(gate) && gate.waiting === 0;

/**
 * Enters the gate or takes the place in its queue. `letsIn` where a place is free and nobody who waits may take it any more.
 * @throws QuotaExceeded `queued_sessions` when the queue is full
 */
export const enter = (gate: Gate, arrival: Waiter, letsIn = isOpen(gate)): GateChange => {
  if (letsIn) {
    const holder = grant(gate, arrival.owner, arrival.since);
    return { before: gate, after: { ...gate, held: gate.held + 1, lastToken: holder.token }, addHolder: holder };
  }
  if (gate.waiting >= gate.maxWaiting) throw new QuotaExceeded('queued_sessions', gate.maxWaiting, gate.waiting);
  return { before: gate, after: { ...gate, waiting: gate.waiting + 1 }, addWaiter: arrival };
};

/**
 * A holder leaves. The first waiter, if the limit still admits it, takes the place in the same change.
 * `stay`, in seconds, is remembered to estimate how long others will wait.
 */
export const leave = (
  gate: Gate,
  holder: Holder,
  first: Waiter | undefined,
  { at, stay }: { at: string; stay?: number | undefined },
): GateChange => {
  const stays = stay === undefined ? {} : { stays: remember(gate.stays, stay) };
  const freed = { ...gate, held: gate.held - 1, ...stays };
  if (first === undefined || freed.held >= freed.limit) return { before: gate, after: freed, removeHolder: holder };
  const next = grant(gate, first.owner, at);
  return {
    before: gate,
    after: { ...freed, held: freed.held + 1, waiting: freed.waiting - 1, lastToken: next.token },
    removeHolder: holder,
    addHolder: next,
    removeWaiters: [first],
  };
};

/** A waiter gives up its place. `next` enters in the same change where a place is free that nobody could be given before. */
export const giveUp = (gate: Gate, waiter: Waiter, next: Waiter | undefined, at: string): GateChange => {
  const shorter = { ...gate, waiting: gate.waiting - 1 };
  if (next === undefined || !hasPlace(gate)) return { before: gate, after: shorter, removeWaiters: [waiter] };
  const holder = grant(gate, next.owner, at);
  return {
    before: gate,
    after: { ...shorter, held: gate.held + 1, waiting: shorter.waiting - 1, lastToken: holder.token },
    addHolder: holder,
    removeWaiters: [waiter, next],
  };
};

/** A waiter takes another place in the order. The gate moves with it, so that a hand-over to the old place comes too late. */
export const reorder = (gate: Gate, waiter: Waiter, adjustedMs: number): GateChange => ({
  before: gate,
  after: gate,
  removeWaiters: [waiter],
  addWaiter: { ...waiter, adjustedMs },
});

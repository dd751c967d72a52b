import type { Gate, Holder, Waiter } from './gate.ts';

/** Who is inside and who waits, as the items say. */
export interface Occupancy {
  readonly holders: readonly Holder[];
  /** Those of the holders that have no right to be inside. */
  readonly stale: readonly Holder[];
  readonly waiting: number;
  /** The first of those who wait, in their order. */
  readonly first: readonly Waiter[];
}

/** A gate whose counters are right again, with all that this frees and whom that lets in. */
export interface GateRecount {
  readonly before: Gate;
  readonly after: Gate;
  /** Recounted minus stored: holders with a right to be inside, or where those are right who waits. 0 where only places were free. */
  readonly drift: number;
  readonly freed: readonly Holder[];
  readonly admitted: readonly { readonly waiter: Waiter; readonly holder: Holder }[];
}

/** Mends a gate: stale holders leave, the counters follow the items, and waiters take what is free. Undefined when all is right. */
export const recountGate = (
  gate: Gate,
  { holders, stale, waiting, first }: Occupancy,
  at: string,
): GateRecount | undefined => {
  const held = holders.length - stale.length;
  const admitted = first.slice(0, Math.max(0, gate.limit - held)).map((waiter, index) => ({
    waiter,
    holder: { owner: waiter.owner, token: gate.lastToken + 1 + index, since: at },
  }));
  const isRight = held === gate.held && waiting === gate.waiting && stale.length === 0 && admitted.length === 0;
  if (isRight) return undefined;
  const after = {
    ...gate,
    held: held + admitted.length,
    waiting: waiting - admitted.length,
    lastToken: gate.lastToken + admitted.length,
  };
  return { before: gate, after, drift: held - gate.held || waiting - gate.waiting, freed: stale, admitted };
};

const BUSY_LOOK_MS = 60_000;
const IDLE_LOOK_MS = 600_000;

/** When a gate is recounted next: every minute while somebody is inside or waits, else seldom. */
export const nextRecount = ({ held, waiting }: Pick<Gate, 'held' | 'waiting'>, now: number): string =>
  new Date(now + (held + waiting > 0 ? BUSY_LOOK_MS : IDLE_LOOK_MS)).toISOString();

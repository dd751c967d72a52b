import type { Gate } from '#domain/gate/gate';
import { type GateRecount, nextRecount, recountGate } from '#domain/gate/recount';
import type { RecountPorts } from './counter-drift.ts';
import { type Occupants, occupantsOf } from './gate-occupants.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';
import { sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 200;
const MAX_WAITERS = 10_000;

/** As many as one transaction can free or let in; the rest is left to the next pass. */
const MAX_AT_ONCE = 15;

/** How many gates a pass found right, and how many it mended. */
export interface GateSweep {
  readonly right: number;
  readonly mended: number;
}

/**
 * Recounts the gates of sessions and trainings. A holder with no right to its place is freed, and whoever that lets in is woken, in one
 * transaction that fails when anybody enters or leaves meanwhile. Who was let in before and never woken is looked at. A gate is always due again, so that using it arms nothing.
 */
export const makeSweepGates = ({ due, storeOf, clock, ids, report }: RecountPorts) => {
  const recount = async (store: TenantStore, gate: Gate, at: string) => {
    const lookUp = occupantsOf(store, ids, gate.name);
    const [holders, waiters] = await Promise.all([
      store.listHolders(gate.name),
      store.listWaiters(gate.name, MAX_WAITERS),
    ]);
    const inside = await lookUp(holders);
    const stale = holders.filter(({ owner }) => !inside.mayHold(owner)).slice(0, MAX_AT_ONCE);
    const hasRoom = holders.length - stale.length < gate.limit;
    const next = hasRoom ? waiters.slice(0, MAX_AT_ONCE) : [];
    const waiting = await lookUp(next);
    const first = next.filter(({ owner }) => waiting.mayEnter(owner, Date.parse(at)));
    return {
      inside,
      holders,
      recounted: recountGate(gate, { holders, stale, waiting: waiters.length, first }, at),
      waiting,
    };
  };

  const mend = ({ freed, admitted }: GateRecount, gate: string, waiting: Occupants, at: string) => [
    ...freed.map((holder): Write => ({ kind: 'holder-removed', gate, holder })),
    ...admitted.flatMap(({ waiter, holder }): Write[] => [
      { kind: 'waiter-removed', gate, waiter },
      { kind: 'holder-added', gate, holder },
      ...waiting.woken(waiter.owner, at),
    ]),
  ];

  const look = async (tenantId: string, name: string): Promise<keyof GateSweep> => {
    const store = storeOf(tenantId);
    const gate = await store.findGate(name);
    if (gate === undefined) return 'right';
    const now = clock.now();
    const at = new Date(now).toISOString();
    const { recounted, waiting, holders, inside } = await recount(store, gate, at);
    const { after } = recounted ?? { after: gate };
    await store.commit([
      { kind: 'gate', before: gate, after: { ...after, dueAt: nextRecount(after, now) } },
      ...(recounted ? mend(recounted, name, waiting, at) : []),
    ]);
    await inside.rouse(holders, now);
    if (recounted === undefined) return 'right';
    const { drift, freed, admitted } = recounted;
    if (drift !== 0)
      report({ tenantId, kind: name, drift, freed: freed.map(({ owner }) => owner), admitted: admitted.length });
    return 'mended';
  };

  return async (): Promise<GateSweep> => {
    const counts = { right: 0, mended: 0 };
    const found = await due.dueGates(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, gate }) => {
      counts[await look(tenantId, gate)]++;
    });
    return counts;
  };
};

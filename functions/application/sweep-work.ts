import { makePlaceWork, type Placement } from './place-work.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

const MAX_TENANTS_PER_PASS = 500;

/**
 * Routes the waiting work of every tenant again and gives up what has waited too long. Work that waits stands in an index of its
 * own, in the order of tenants: it is found without a write for a look, and where nothing waits a pass costs one read.
 */
export const makeSweepWork = ({ due, storeOf, clock, ids }: SweepPorts) => {
  return async (): Promise<Placement> => {
    const counts = { routed: 0, waiting: 0, givenUp: 0, untouched: 0 };
    await sweepEach(await due.tenantsWithWaitingWork(MAX_TENANTS_PER_PASS), async (tenantId) => {
      const placed = await makePlaceWork({ store: storeOf(tenantId), clock, ids })({ everything: true });
      for (const outcome of ['routed', 'waiting', 'givenUp', 'untouched'] as const) counts[outcome] += placed[outcome];
    });
    return counts;
  };
};

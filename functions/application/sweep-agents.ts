import { lookForLife } from '#domain/agent/silence';
import { agentWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { DueWork } from './ports/due-work.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 1000;

export interface AgentSweep {
  /** Agents that are offline or forgotten from now on. */
  readonly silent: number;
  readonly rearmed: number;
}

/**
 * Writes down that agents have fallen silent. One that gave a sign of life since it was due is looked at again when it
 * may next be silent, so that signs of life rewrite no index.
 */
export const makeSweepAgents = ({
  due,
  storeOf,
  clock,
  ids,
}: {
  due: DueWork;
  storeOf: (tenantId: string) => TenantStore;
  clock: Clock;
  ids: Identifiers;
}) => {
  const look = async (tenantId: string, agentId: string): Promise<'silent' | 'rearmed'> => {
    const store = storeOf(tenantId);
    const change = lookForLife(await store.getAgent(agentId), clock.now());
    await store.commit(agentWrites(change, ids));
    return change.events.length > 0 ? 'silent' : 'rearmed';
  };

  return async (): Promise<AgentSweep> => {
    const counts = { silent: 0, rearmed: 0 };
    const found = await due.dueAgents(new Date(clock.now()).toISOString(), MAX_PER_PASS);
    await sweepEach(found, async ({ tenantId, agentId }) => {
      counts[await look(tenantId, agentId)]++;
    });
    return counts;
  };
};

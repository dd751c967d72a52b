import { lookForLife } from '#domain/agent/silence';
import { agentWrites } from './change-writes.ts';
import { type SweepPorts, sweepEach } from './sweep-each.ts';

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
export const makeSweepAgents = ({ due, storeOf, clock, ids }: SweepPorts) => {
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

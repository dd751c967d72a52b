import { driftBetween, driftOf, recountUnits } from '#domain/agent/recount';
import { lookForLife } from '#domain/agent/silence';
import { agentWrites } from './change-writes.ts';
import type { RecountPorts } from './counter-drift.ts';
import { sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 1000;

export interface AgentSweep {
  /** Agents that are offline or forgotten from now on. */
  readonly silent: number;
  readonly rearmed: number;
}

/**
 * Writes down that agents have fallen silent. One that gave a sign of life since it was due is looked at again when it
 * may next be silent, so that signs of life rewrite no index. With each look the agent's units are recounted, on condition that
 * nobody moves the agent meanwhile.
 */
export const makeSweepAgents = ({ due, storeOf, clock, ids, report }: RecountPorts) => {
  const look = async (tenantId: string, agentId: string): Promise<'silent' | 'rearmed'> => {
    const store = storeOf(tenantId);
    const agent = await store.getAgent(agentId);
    const now = clock.now();
    const change = lookForLife(agent, now);
    const units = driftOf(agent, recountUnits(agentId, await store.listHeld(agentId)), now);
    await store.commit(agentWrites({ ...change, after: { ...change.after, ...units } }, ids));
    if (units) report({ tenantId, kind: 'agent', agentId, drift: driftBetween(agent, units) });
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

import type { Agent } from '#domain/agent/agent';
import { driftBetween, driftOf, recountUnits } from '#domain/agent/recount';
import { isSilent, lookForLife } from '#domain/agent/silence';
import { agentWrites } from './change-writes.ts';
import type { RecountPorts } from './counter-drift.ts';
import { makeMissAgent } from './miss-agent.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { sweepEach } from './sweep-each.ts';

const MAX_PER_PASS = 1000;

export interface AgentSweep {
  /** Agents that are offline or forgotten from now on. */
  readonly silent: number;
  readonly rearmed: number;
}

/**
 * Writes down that agents have fallen silent, and first at the sessions that they work on: until the agent itself moves, it stays
 * due. One that gave a sign of life since then is looked at again when it may next be silent, so that signs of life rewrite no
 * index. With each look the agent's units are recounted, on condition that nobody moves the agent meanwhile.
 */
export const makeSweepAgents = ({ due, storeOf, clock, ids, report }: RecountPorts) => {
  /** The agent, after its sessions have heard that it is silent, if it is. */
  const heardOut = async (store: TenantStore, agentId: string): Promise<Agent> => {
    const agent = await store.getAgent(agentId);
    if (!isSilent(agent, clock.now())) return agent;
    const held = await store.listHeld(agentId);
    await makeMissAgent({ store, clock, ids })(
      agentId,
      held.map(({ id }) => id),
    );
    return store.getAgent(agentId);
  };

  const look = async (tenantId: string, agentId: string): Promise<'silent' | 'rearmed'> => {
    const store = storeOf(tenantId);
    const agent = await heardOut(store, agentId);
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

import type { Agent } from '#domain/agent/agent';
import { signOfLife } from '#domain/agent/heartbeat';
import { agentWrites } from './change-writes.ts';
import { type Clock, isoNow } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { AgentStore, Ledger } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';

type Store = AgentStore & Ledger;

/**
 * The agent, whose call is a sign of life and shows that it can be reached.
 * @throws NotFound
 */
export const makeHearAgent =
  ({ store, clock, ids }: { store: Store; clock: Clock; ids: Identifiers }) =>
  (agentId: string): Promise<Agent> =>
    retryConflict(clock, async () => {
      const agent = await store.getAgent(agentId);
      const change = signOfLife(agent, isoNow(clock));
      if (change === undefined) return agent;
      await store.commit(agentWrites(change, ids));
      return store.getAgent(agentId);
    });

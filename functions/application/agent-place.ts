import { countAgent } from '#domain/agent/agent-quota';
import { DEFAULT_QUOTAS } from '#domain/tenant/tenant';
import { allAgents } from './all-agents.ts';
import type { AgentStore } from './ports/tenant-store.ts';
import type { Write } from './ports/write.ts';

/**
 * What a new agent does to the number of the tenant's agents, in the transaction that registers it. A tenant without a
 * counter gets one that begins with the agents it has.
 * @throws QuotaExceeded `agents`
 */
export const takeAgentPlace = async (store: AgentStore): Promise<Write> => {
  const stored = await store.findAgentQuota();
  const quota = stored ?? { limit: DEFAULT_QUOTAS.maxAgents, used: (await allAgents(store)).length, revision: 0 };
  return { kind: 'agent-quota', before: stored ?? null, after: countAgent(quota) };
};

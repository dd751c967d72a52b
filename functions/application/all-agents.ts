import type { Agent } from '#domain/agent/agent';
import type { AgentStore } from './ports/tenant-store.ts';

const PAGE = 100;

/** Every agent of the tenant, newest first. Read from an index: one that registered a moment ago may be missing. */
export const allAgents = async (store: Pick<AgentStore, 'listAgents'>): Promise<Agent[]> => {
  const agents: Agent[] = [];
  let after: string | undefined;
  do {
    const page = await store.listAgents({ limit: PAGE, after });
    agents.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return agents;
};

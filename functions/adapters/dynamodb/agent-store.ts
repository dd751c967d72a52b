import type { AgentStore } from '#application/ports/tenant-store';
import type { Agent } from '#domain/agent/agent';
import type { AgentQuota } from '#domain/agent/agent-quota';
import { NotFound } from '#domain/errors';
import type { ItemEngine } from './item-engine.ts';
import { entityOf, finderOn } from './stored-entity.ts';
import * as keys from './table.ts';

/** Agents of one tenant, by id, by name and as a list. */
export const makeAgentStore = (engine: ItemEngine, tenantId: string): AgentStore => {
  const find = finderOn(engine);

  return {
    async getAgent(id) {
      const agent = await find<Agent>(keys.agentKey(tenantId, id), 'agent');
      if (agent === undefined) throw new NotFound('agent');
      return agent;
    },
    findAgentId: async (name) =>
      (await find<{ agentId: string }>(keys.agentNameKey(tenantId, name), 'agent-name'))?.agentId,

    findAgentQuota: () => find<AgentQuota>(keys.agentQuotaKey(tenantId), 'agent-quota'),

    async listAgents({ limit, after }) {
      const pk = keys.agentsByTime(tenantId);
      const found = await engine.query({ index: 'gsi1', pk, after, descending: true, limit });
      const items = (await engine.getMany(found)).map((item) => entityOf<Agent>(item, 'agent') as Agent);
      return { items, next: found.length < limit ? undefined : (found.at(-1)?.['gsi1sk'] as string | undefined) };
    },
  };
};

import type { Agent } from '#domain/agent/agent';
import { signOfLife } from '#domain/agent/heartbeat';
import { isSilent } from '#domain/agent/silence';
import { agentWrites } from './change-writes.ts';
import type { Clock } from './ports/clock.ts';
import type { Identifiers } from './ports/identifiers.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import { retryConflict } from './retry-conflict.ts';
import { makeReviewWork } from './review-work.ts';

/**
 * The agent, whose call is a sign of life; one for work shows that it can be reached. After a silence its work is not without it any more.
 * @throws NotFound
 */
export const makeHearAgent = ({ store, clock, ids }: { store: TenantStore; clock: Clock; ids: Identifiers }) => {
  const review = makeReviewWork({ store, clock, ids });
  return async (agentId: string, { asksForWork = false } = {}): Promise<Agent> => {
    const { agent, wasSilent } = await retryConflict(clock, async () => {
      const agent = await store.getAgent(agentId);
      const now = clock.now();
      const change = signOfLife(agent, new Date(now).toISOString(), { asksForWork });
      if (change === undefined) return { agent, wasSilent: false };
      await store.commit(agentWrites(change, ids));
      return { agent: await store.getAgent(agentId), wasSilent: isSilent(agent, now) };
    });
    if (wasSilent) await review(agent, undefined);
    return agent;
  };
};

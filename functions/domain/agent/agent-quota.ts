import { QuotaExceeded } from '#domain/errors';

/** How many agents a tenant may have, and how many it has. Those that have ended do not count. */
export interface AgentQuota {
  readonly limit: number;
  readonly used: number;
  readonly revision: number;
}

/**
 * Counts one more agent.
 * @throws QuotaExceeded `agents`
 */
export const countAgent = (quota: AgentQuota): AgentQuota => {
  if (quota.used >= quota.limit) throw new QuotaExceeded('agents', quota.limit, quota.used);
  return { ...quota, used: quota.used + 1 };
};

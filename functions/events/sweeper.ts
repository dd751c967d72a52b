import { makeSweepAgents } from '#application/sweep-agents';
import { makeSweepLeases } from '#application/sweep-leases';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';

/** Each minute: ends what its owner no longer renews, and notices agents that have fallen silent. */
export const handler = async (): Promise<void> => {
  const { dueWork, storeOf, clock, ids } = ports();
  const shared = { due: dueWork(), storeOf, clock, ids };
  // a kind of work that cannot be done keeps no other from being done
  const [leases, agents] = await Promise.allSettled([makeSweepLeases(shared)(), makeSweepAgents(shared)()]);
  if (leases.status === 'fulfilled' && leases.value.expired > 0) logger.warn('leases expired', { ...leases.value });
  if (agents.status === 'fulfilled' && agents.value.silent > 0) logger.warn('agents fell silent', { ...agents.value });
  const failures = [leases, agents].flatMap((sweep) => (sweep.status === 'rejected' ? [sweep.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, 'the sweep is not complete');
};

import { makeSweepLeases, type Sweep } from '#application/sweep-leases';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';

/** Each minute: ends what its owner no longer renews. */
export const handler = async (): Promise<Sweep> => {
  const { dueWork, storeOf, clock, ids } = ports();
  const sweep = await makeSweepLeases({ due: dueWork(), storeOf, clock, ids })();
  if (sweep.expired > 0) logger.warn('leases expired', { ...sweep });
  return sweep;
};

import { makePlaceWork } from '#application/place-work';
import { logger } from '#runtime/logger';
import { ports } from '#runtime/ports';
import { BusEvent } from '#runtime/sqs-consumer';

/** An agent may be able to take more than before: waiting work of its tenant is routed again. */
export const handler = async (event: unknown): Promise<void> => {
  const { tenant_id } = BusEvent.parse(event).detail;
  const { storeOf, clock, ids } = ports();
  const placed = await makePlaceWork({ store: storeOf(tenant_id), clock, ids })({ everything: false });
  logger.info('placed waiting work', { tenant_id, ...placed });
};

import type { TrainingOffer } from '#application/training-request';
import type { PriceTable } from '#domain/training-job/price-table';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import type { Environment } from './environment.ts';

/** What estimates are made from. */
export const prices: PriceTable = STAGE_PRICES;

/** What this stage trains with. */
export const trainingOffer = ({ TRAINING_PROVIDER, TRAINING_MODELS }: Environment): TrainingOffer => ({
  provider: TRAINING_PROVIDER,
  baseModels: Object.keys(TRAINING_MODELS),
});

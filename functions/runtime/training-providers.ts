import { makeSimulatedTraining } from '#adapters/simulated/simulated-training';
import { ProviderRefused, type TrainingProviders } from '#application/ports/training-provider';
import type { PriceTable } from '#domain/training-job/price-table';
import { STAGE_PRICES } from '#domain/training-job/stage-prices';
import type { Ports } from './ports.ts';

/** What estimates are made from. */
export const prices: PriceTable = STAGE_PRICES;

/** The providers that a stage offers, by name. Another one is joined here. */
export const providersOver = ({ clock, digest }: Pick<Ports, 'clock' | 'digest'>): TrainingProviders => {
  const simulated = makeSimulatedTraining({ clock, digest });
  return (name) => {
    if (name === 'simulated') return simulated;
    throw new ProviderRefused(`this stage does not train with ${name}`);
  };
};

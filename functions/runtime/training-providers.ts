import { makeSimulatedTraining } from '#adapters/simulated/simulated-training';
import { ProviderRefused, type TrainingProviders } from '#application/ports/training-provider';
import type { Ports } from './ports.ts';
import { sageMakerTraining } from './sagemaker.ts';

/** The providers that a stage offers, by name. */
export const providersOver = ({ clock, digest }: Pick<Ports, 'clock' | 'digest'>): TrainingProviders => {
  const simulated = makeSimulatedTraining({ clock, digest });
  return (name) => {
    const provider = name === 'simulated' ? simulated : sageMakerTraining();
    if (provider === undefined) throw new ProviderRefused(`this stage does not train with ${name}`);
    return provider;
  };
};

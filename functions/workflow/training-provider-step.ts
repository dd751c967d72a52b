import { ProviderStepName } from '#contracts/training-workflow';
import { handler as settleTraining } from './settle-training.ts';
import { handler as trainModel } from './train-model.ts';

const steps: Readonly<Record<ProviderStepName['step'], (event: unknown) => Promise<unknown>>> = {
  'train-model': trainModel,
  'settle-training': settleTraining,
};

/** The steps of a training job that talk to its provider. */
export const handler = async (event: unknown): Promise<unknown> => steps[ProviderStepName.parse(event).step](event);

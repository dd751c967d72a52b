import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { makeSageMakerPackages } from '#adapters/sagemaker/sagemaker-model-packages';
import type { ModelPackages } from '#application/ports/model-packages';
import { lazy } from './lazy.ts';
import { ports } from './ports.ts';

/** The model registry of SageMaker, in a deployed function; undefined on a stage that does not train there. */
export const sageMakerPackages = lazy((): ModelPackages | undefined => {
  const { environment, digest } = ports();
  if (environment.TRAINING_IMAGE === undefined) return undefined;
  return makeSageMakerPackages({ sagemaker: new SageMakerClient({}), stage: environment.STAGE, digest });
});

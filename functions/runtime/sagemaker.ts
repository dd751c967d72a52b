import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { makeSageMakerFleet } from '#adapters/sagemaker/sagemaker-training-fleet';
import { makeSageMakerTrainingProvider } from '#adapters/sagemaker/sagemaker-training-provider';
import { type ChangedTraining, changedTraining } from '#adapters/sagemaker/state-change';
import { datasetFiles } from '#adapters/sagemaker/training-place';
import { makeFindBaseline } from '#application/find-baseline';
import type { TrainingFleet } from '#application/ports/training-fleet';
import type { TrainingProvider } from '#application/ports/training-provider';
import { required } from './environment.ts';
import { lazy } from './lazy.ts';
import { ports } from './ports.ts';

/**
 * A request that hangs does not take the time of the others with it. Who asks repeats it, so the client does not: one layer of
 * repetitions, whose time is known.
 */
export const impatient = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;

/** Trainings on SageMaker, in a deployed function; undefined on a stage that does not offer them. */
export const sageMakerTraining = lazy((): TrainingProvider | undefined => {
  const { environment, storeOf } = ports();
  const {
    STAGE: stage,
    TRAINING_IMAGE: image,
    TRAINING_ROLE_ARN: roleArn,
    TRAINING_MODELS: baseModels,
    TRAINING_VOLUME_GB: volumeGb,
  } = environment;
  if (image === undefined) return undefined;
  const bucket = required(environment, 'ARTIFACTS_BUCKET');
  return makeSageMakerTrainingProvider({
    sagemaker: new SageMakerClient(impatient),
    logs: new CloudWatchLogsClient(impatient),
    stage: { stage, bucket, image, roleArn, baseModels, volumeGb },
    files: async (job) => {
      const findBaseline = makeFindBaseline({ store: storeOf(job.tenantId) });
      return { ...datasetFiles(bucket, job), baseline: await findBaseline(job.targetModelName) };
    },
  });
});

/** All trainings that SageMaker is at, in a deployed function; undefined on a stage that does not offer them. */
export const sageMakerFleet = lazy((): TrainingFleet | undefined => {
  const { TRAINING_IMAGE: image, STAGE: stage } = ports().environment;
  return image === undefined ? undefined : makeSageMakerFleet({ sagemaker: new SageMakerClient(impatient), stage });
});

/** The job that an event of SageMaker is about; undefined for every other event. */
export const changedOnSageMaker = (event: unknown): ChangedTraining | undefined =>
  changedTraining(ports().environment.STAGE, event);
